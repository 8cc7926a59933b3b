#include "preload/issues.h"

static const struct {
    const char *code, *text;
    bool error;
} table[PRELOAD_ISSUE_COUNT] = {
#define PRELOAD_X(symbol, code, error, text) {code, text, error},
    PRELOAD_ISSUE_MAP(PRELOAD_X)
#undef PRELOAD_X
};

const char *preload_issue_code(preload_issue_id id)
{
    return table[id].code;
}

bool preload_issue_is_error(preload_issue_id id)
{
    return table[id].error;
}

const char *preload_issue_text(preload_issue_id id)
{
    return table[id].text;
}

void preload_issues_add(preload_issues *issues, preload_issue_id id, const char *proof)
{
    issues->items =
        base_arena_grow(issues->arena, issues->items, issues->count, &issues->capacity, sizeof *issues->items);
    issues->items[issues->count++] = (preload_issue){id, proof};
    issues->errors += table[id].error;
}

void preload_issues_add_once(preload_issues *issues, preload_issue_id id)
{
    for (size_t i = 0; i < issues->count; i++)
        if (issues->items[i].id == id)
            return;
    preload_issues_add(issues, id, NULL);
}

void preload_issues_append(preload_issues *issues, const preload_issues *more)
{
    for (size_t i = 0; i < more->count; i++)
        preload_issues_add(issues, more->items[i].id, more->items[i].proof);
}
