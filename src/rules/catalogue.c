#include "rules/catalogue.h"

static const rule_entry entries[] = {
#define RULE_X(symbol, name, severity, section, title, why, fix)                                                       \
    {name, HF_SEVERITY_##severity, section, title, why, fix},
    RULE_MAP(RULE_X)
#undef RULE_X
};

const rule_entry *rule_find(rule_id id)
{
    return &entries[id];
}
