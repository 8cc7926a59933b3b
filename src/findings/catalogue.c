#include "findings/catalogue.h"

const rule_entry *rule_find(rule_id id)
{
    return &rule_entries[id];
}
