#include "findings/catalogue.h"

#include <string.h>

const rule_entry *rule_find(rule_id id)
{
    return &rule_entries[id];
}

const rule_entry *rule_find_name(const char *name)
{
    for (rule_id id = 0; id < RULE_COUNT; id++)
        if (strcmp(rule_entries[id].name, name) == 0)
            return &rule_entries[id];
    return NULL;
}
