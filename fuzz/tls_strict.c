/* Certificates read strictly: whatever the bytes, nothing lies outside them, and each find stands there once. */
#include "tls/scope.h"
#include "tls/strict.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool condition)
{
    if (!condition)
        abort();
}

static void check_span(hf_span part, const char *bytes, size_t size)
{
    if (part.length > 0)
        check(part.data >= bytes && (size_t)(part.data - bytes) <= size &&
              part.length <= size - (size_t)(part.data - bytes));
}

static void check_reading(const tls_strict *strict, const char *bytes, size_t size)
{
    check(strict->count <= TLS_STRICT_MAX && strict->explicit_policy >= -1);
    check_span(strict->signed_part, bytes, size);
    check_span(strict->signature, bytes, size);
    check_span(strict->names, bytes, size);
    check_span(strict->constraints, bytes, size);
    check_span(strict->policies, bytes, size);
    for (size_t i = 0; i < strict->count; i++) {
        check(strict->finds[i].why != NULL && strict->finds[i].code < FACTS_TLS_CODES);
        for (size_t k = 0; k < i; k++)
            check(strict->finds[k].code != strict->finds[i].code);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const hf_span der = {(const char *)data, size};
    tls_strict leaf, issuer;
    const tls_strict *const path[] = {&leaf, &issuer};
    tls_strict_find find;

    tls_strict_read(der, true, &leaf);
    tls_strict_read(der, false, &issuer);
    check_reading(&leaf, der.data, size);
    check_reading(&issuer, der.data, size);
    /* What is no certificate at all is known by that alone. */
    check(leaf.signed_part.length > 0 || (leaf.count == 1 && leaf.finds[0].code == FACTS_TLS_NOT_DER));
    if (tls_scope_names(path, 2, &find))
        check(find.why != NULL && (find.code == FACTS_TLS_NAME_CONSTRAINTS || find.code == FACTS_TLS_NAME_SCOPE));
    tls_scope_requires_policy(path, 2);
    return 0;
}
