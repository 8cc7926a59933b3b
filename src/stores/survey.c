#include "stores/survey.h"

#include "stores/running.h"
#include "stores/store.h"

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
    const stores_store store = stores_found_store(found);
    stores_reader reader = {&context->options, count_row, count_damage, NULL, place};

    *place = (facts_store_place){.program = found->program, .store = {found->kind, found->path}};
    place->running = stores_is_running(&store, place->who);
    place->size = found->size;
    place->readable = stores_store_read(&store, &reader, &place->problem);
}
