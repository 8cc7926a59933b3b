#include "report/report.h"

#include <string.h>

#define FORMAT_X(name) extern const report_format report_format_##name;
REPORT_FORMAT_MAP(FORMAT_X)
#undef FORMAT_X

static const report_format *const formats[] = {
#define FORMAT_X(name) &report_format_##name,
    REPORT_FORMAT_MAP(FORMAT_X)
#undef FORMAT_X
        NULL,
};

const report_format *report_find(const char *name)
{
    for (const report_format *const *format = formats; *format != NULL; format++)
        if (strcmp((*format)->name, name) == 0)
            return *format;
    return NULL;
}

finding_estate report_estate_of(const report_item *items, size_t count, base_arena *arena)
{
    const facts_site **sites = base_arena_take(arena, (count + 1) * sizeof *sites);
    const finding_judgement **judgements = base_arena_take(arena, (count + 1) * sizeof *judgements);

    for (size_t i = 0; i < count; i++) {
        sites[i] = items[i].site;
        judgements[i] = items[i].judgement;
    }
    return finding_estate_of(sites, judgements, count, arena);
}
