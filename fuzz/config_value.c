/* The value of an HSTS header in a configuration: each fault is told within the value, with a proof; what it should be
 * is a value without a fault of its grammar; and a value that no browser accepts has an error. */
#include "config/value.h"
#include "holdfast/header.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool condition)
{
    if (!condition)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    hf_span text = {(const char *)data, size};
    base_arena arena = {0};
    config_value_faults faults = {0}, of_name = {0};
    hf_policy policy;
    bool error = false;

    config_value_judge(text, &arena, &faults);
    for (size_t i = 0; i < faults.count; i++) {
        const config_value_fault *fault = &faults.items[i];

        check(fault->offset <= size && fault->length <= size - fault->offset && fault->proof != NULL);
        check(fault->mended == NULL || hf_header_parse(fault->mended, strlen(fault->mended), &policy, NULL));
        error = error || rule_find(fault->rule)->severity == HF_SEVERITY_ERROR;
    }
    check(size == 0 || error || hf_header_parse(text.data, size, &policy, NULL));
    check(config_name_judge(text, size % 2 == 0, &arena, &of_name) || of_name.count == 0);
    check(of_name.count <= 1);
    base_arena_done(&arena);
    return 0;
}
