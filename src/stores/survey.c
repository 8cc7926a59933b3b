#include "stores/survey.h"

#include "stores/running.h"
#include "stores/store.h"

#include <sys/stat.h>

static bool count_row(void *self, const hf_row *row)
{
    facts_store_place *p = self;

    (void)row;
    p->entries++;
    return true;
}

static void count_damage(void *self, const hf_row_damage *damage)
{
    facts_store_place *p = self;

    (void)damage;
    p->damaged++;
}

void stores_survey(const stores_found *found, const stores_context *context, facts_store_place *place)
{
    stores_store store = {found->kind, found->path, hf_format_find(found->kind)};
    stores_reader reader = {&context->options, count_row, count_damage, NULL, place};
    struct stat status;

    *place = (facts_store_place){.program = found->program, .store = {found->kind, found->path}};
    place->running = stores_is_running(found->kind, found->path, place->who);
    place->size = stat(found->path, &status) == 0 ? (int64_t)status.st_size : 0;
    place->readable = stores_store_read(&store, &reader, &place->problem);
}
