/* The STS field: notes lie inside the value, a void field has a reason, and a policy survives being written and read
 * again. */
#include <holdfast/header.h>

#include <stdlib.h>

#define NOTES_MAX 64

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool condition)
{
    if (!condition)
        abort();
}

static void check_notes(const hf_notes *notes, bool valid, size_t size)
{
    bool reason = false;

    for (size_t i = 0; i < notes->count && i < notes->capacity; i++) {
        const hf_note *note = &notes->items[i];
        check(note->offset <= size && note->length <= size - note->offset);
        reason = reason || hf_note_severity(note->id) == HF_SEVERITY_ERROR;
    }
    check(!valid || !reason);
    check(valid || reason || notes->count > notes->capacity);
}

static void check_round_trip(const hf_policy *policy)
{
    char text[HF_HEADER_MAX];
    size_t length;
    hf_policy again;

    check(policy->max_age >= 0);
    check(hf_header_format(policy, text, sizeof text, &length) == HF_OK);
    check(hf_header_parse(text, length, &again, NULL));
    check(again.max_age == policy->max_age && again.include_subdomains == policy->include_subdomains &&
          again.preload == policy->preload);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    hf_note items[NOTES_MAX];
    hf_notes notes = {items, NOTES_MAX, 0};
    hf_policy policy, quiet;
    bool valid = hf_header_parse((const char *)data, size, &policy, &notes);

    check_notes(&notes, valid, size);
    check(hf_header_parse((const char *)data, size, &quiet, NULL) == valid);
    if (valid)
        check_round_trip(&policy);
    return 0;
}
