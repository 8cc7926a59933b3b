#include "cmd/fail_on.h"

#include "base/closest.h"
#include "base/hash.h"

#include <string.h>

#define WORD_MAX 128 /* longer than every id */

static bool is_word(const char *word, const char *text, size_t length)
{
    return strlen(word) == length && memcmp(word, text, length) == 0;
}

static bool take_severity(cmd_fail_on *on, const char *text, size_t length)
{
    for (hf_severity severity = HF_SEVERITY_INFO; severity <= HF_SEVERITY_ERROR; severity++)
        if (is_word(hf_severity_name(severity), text, length)) {
            on->severity = on->any_severity && on->severity < severity ? on->severity : severity;
            on->any_severity = true;
            return true;
        }
    return false;
}

static bool take_rule(cmd_fail_on *on, const char *text, size_t length)
{
    for (size_t id = 0; id < RULE_COUNT; id++)
        if (is_word(rule_entries[id].name, text, length)) {
            on->rules[id] = true;
            return true;
        }
    return false;
}

static bool refuse(const char *text, size_t length, base_error *error)
{
    char word[WORD_MAX];
    base_closest closest = {.word = word};

    snprintf(word, sizeof word, "%.*s", (int)(length < sizeof word ? length : sizeof word - 1), text);
    for (hf_severity severity = HF_SEVERITY_INFO; severity <= HF_SEVERITY_ERROR; severity++)
        base_closest_offer(&closest, hf_severity_name(severity));
    base_closest_offer(&closest, "never");
    for (size_t id = 0; id < RULE_COUNT; id++)
        base_closest_offer(&closest, rule_entries[id].name);
    if (closest.found != NULL)
        base_error_set(error, "'%s' is neither a severity nor a finding: did you mean %s?", BASE_CUT(word),
                       closest.found);
    else
        base_error_set(error, "'%s' is neither a severity (error, warning, info, never) nor the id of a finding",
                       BASE_CUT(word));
    return false;
}

bool cmd_fail_on_read(const char *text, void *target, base_error *error)
{
    cmd_fail_on *on = target;

    for (;;) {
        size_t length = strcspn(text, ",");

        if (is_word("never", text, length))
            on->never = true;
        else if (!take_severity(on, text, length) && !take_rule(on, text, length))
            return refuse(text, length, error);
        on->given = true;
        if (text[length] == '\0')
            break;
        text += length + 1;
    }
    if (!on->never || !on->any_severity)
        return true;
    base_error_set(error, "never and a severity contradict each other");
    return false;
}

uint64_t cmd_fail_on_hash(const cmd_fail_on *on)
{
    unsigned char severity = (unsigned char)(on->any_severity ? on->severity + 1 : on->never ? 255 : 0);

    return base_hash(base_hash(BASE_HASH_START, &severity, 1), on->rules, sizeof on->rules);
}

bool cmd_fail_on_minds(const cmd_fail_on *on, hf_severity severity)
{
    return on->given ? on->any_severity && severity >= on->severity : severity >= HF_SEVERITY_ERROR;
}

bool cmd_fail_on_meets(const cmd_fail_on *on, const finding_list *findings)
{
    for (size_t i = 0; i < findings->count; i++)
        if (cmd_fail_on_minds(on, findings->items[i].severity) || on->rules[findings->items[i].rule])
            return true;
    return false;
}
