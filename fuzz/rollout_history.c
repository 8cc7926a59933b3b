/* A history of what was served: whatever its lines hold, what is read of them is in order, and a forecast ends. */
#include "rollout/history.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool condition)
{
    if (!condition)
        abort();
}

static void add_lines(rollout_records *records, const char *text, size_t size)
{
    uint64_t number = 0;
    base_error error;

    while (size > 0) {
        const char *end = memchr(text, '\n', size);
        size_t length = end != NULL ? (size_t)(end - text) : size, before = records->count + records->listed_count;

        if (!rollout_records_add(records, text, length, ++number, &error))
            check(records->count + records->listed_count == before && *error.text != '\0');
        size -= end != NULL ? length + 1 : length;
        text += end != NULL ? length + 1 : length;
    }
}

static void check_order(const rollout_records *records)
{
    size_t count = 0;

    for (size_t i = 0; i < records->name_count; i++) {
        const rollout_name *name = &records->names[i];

        check(rollout_records_find(records, name->name) == name && name->count > 0);
        check(i == 0 || strcmp(records->names[i - 1].name, name->name) < 0);
        for (size_t k = 1; k < name->count; k++)
            check(name->served[k - 1].from <= name->served[k].from);
        count += name->count;
    }
    check(count == records->count);
}

static void check_forecast(const rollout_records *records)
{
    const rollout_history history = {.names = records->names,
                                     .name_count = records->name_count,
                                     .listed = records->listed,
                                     .listed_count = records->listed_count};
    rollout_held held;

    for (facts_engine engine = 0; engine < FACTS_ENGINES; engine++)
        for (size_t i = 0; i < records->name_count && i < 4; i++)
            if (rollout_horizon(&history, engine, records->names[i].name, 1795000000, &held))
                check(held.until >= 1795000000 && held.by != NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    rollout_records records = {0};
    base_error error;

    add_lines(&records, (const char *)data, size);
    if (rollout_records_sort(&records, &error)) {
        check_order(&records);
        check_forecast(&records);
    } else {
        check(*error.text != '\0');
    }
    rollout_records_done(&records);
    return 0;
}
