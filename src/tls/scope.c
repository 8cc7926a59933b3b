#include "tls/scope.h"

#include "tls/names.h"
#include "tls/strict_state.h"

#include "base/ascii.h"

#include <string.h>

#define DIRECTORY 0xa4     /* [4] EXPLICIT Name */
#define EXCLUDED 0xa1      /* [1] GeneralSubtrees */
#define PERMITTED 0xa0     /* [0] GeneralSubtrees */
#define CHECKS_MAX 1048576 /* Chromium's own bound */

/* "*.a.test" can be b.a.test: who excludes that excludes the wildcard. */
static bool can_be(hf_span wildcard, hf_span excluded)
{
    const char *dot = excluded.length > 0 ? memchr(excluded.data, '.', excluded.length) : NULL;
    size_t rest = dot != NULL ? excluded.length - (size_t)(dot - excluded.data) : 0;

    return wildcard.length > 2 && wildcard.data[0] == '*' && wildcard.data[1] == '.' && dot > excluded.data &&
           wildcard.length - 1 == rest && base_ascii_same(wildcard.data + 1, dot, rest);
}

static bool has_wildcard_within(hf_span names, hf_span excluded, size_t *checks)
{
    tls_der name;

    while (*checks > 0 && tls_der_next(&names, &name)) {
        --*checks;
        if (name.tag == TLS_NAME_DNS && can_be(name.content, excluded))
            return true;
    }
    return false;
}

/* The limits of one kind in one extension; empty: there are none. */
static hf_span subtrees_of(const tls_strict *strict, unsigned tag)
{
    hf_span inside = strict->constraints;
    tls_der list;

    while (tls_der_next(&inside, &list))
        if (list.tag == tag)
            return list.content;
    return (hf_span){NULL, 0};
}

static bool take_base(hf_span *subtrees, tls_der *base)
{
    tls_der subtree;

    return tls_der_take(subtrees, TLS_DER_SEQUENCE, &subtree) && tls_der_next(&subtree.content, base);
}

/* Firefox compares no excluded directory names: it refuses whatever is below such a CA. */
static bool judge_excluded(const tls_strict *leaf, hf_span excluded, size_t *checks, tls_strict_find *find)
{
    tls_der base;
    bool found = false;

    while (take_base(&excluded, &base)) {
        if (base.tag == TLS_NAME_DNS && has_wildcard_within(leaf->names, base.content, checks)) {
            *find = (tls_strict_find){FACTS_TLS_NAME_CONSTRAINTS, "a CA excludes a name that the wildcard can be"};
            return true;
        }
        if (base.tag == DIRECTORY) {
            *find = (tls_strict_find){FACTS_TLS_NAME_SCOPE, "a CA excludes directory names"};
            found = true;
        }
    }
    return found;
}

static bool has_dot_at_end(hf_span subtrees)
{
    tls_der base;

    while (take_base(&subtrees, &base))
        if (base.tag == TLS_NAME_DNS && base.content.length > 0 && base.content.data[base.content.length - 1] == '.')
            return true;
    return false;
}

bool tls_scope_names(const tls_strict *const *path, size_t count, tls_strict_find *find)
{
    size_t checks = CHECKS_MAX;
    bool found = false;

    for (size_t i = 1; i < count; i++) {
        hf_span permitted = subtrees_of(path[i], PERMITTED), excluded = subtrees_of(path[i], EXCLUDED);

        if (judge_excluded(path[0], excluded, &checks, find)) {
            if (find->code == FACTS_TLS_NAME_CONSTRAINTS)
                return true;
            found = true;
        }
        if (has_dot_at_end(permitted) || has_dot_at_end(excluded)) {
            *find = (tls_strict_find){FACTS_TLS_NAME_SCOPE, "a CA limits names by one with a dot at its end"};
            found = true;
        }
    }
    return found;
}

/* -- Policies ------------------------------------------------------------------------------------------------------ */

static bool is_any(hf_span policy)
{
    return tls_strict_is(policy, "\x55\x1d\x20\x00", 4);
}

static bool take_policy(hf_span *policies, hf_span *id)
{
    tls_der policy, identifier;

    if (!tls_der_take(policies, TLS_DER_SEQUENCE, &policy) ||
        !tls_der_take(&policy.content, TLS_DER_OBJECT, &identifier))
        return false;
    *id = identifier.content;
    return true;
}

static bool has_policy(hf_span policies, hf_span wanted, size_t *checks)
{
    hf_span id;

    while (*checks > 0 && take_policy(&policies, &id)) {
        --*checks;
        if (is_any(id) || tls_strict_is(id, wanted.data, wanted.length))
            return true;
    }
    return false;
}

/* True if all below the root have the policy. A CA that maps policies is taken to map this one. */
static bool holds(const tls_strict *const *path, size_t count, hf_span policy, size_t *checks)
{
    for (size_t i = 0; i + 1 < count; i++)
        if (!path[i]->maps_policies && !has_policy(path[i]->policies, policy, checks))
            return false;
    return true;
}

/* A policy of the server's own certificate that all above it have. */
static bool is_one_valid(const tls_strict *const *path, size_t count)
{
    size_t checks = CHECKS_MAX;
    hf_span policies = path[0]->policies, id;

    while (take_policy(&policies, &id))
        if (holds(path, count, id, &checks))
            return true;
    return false;
}

/* RFC 5280 6.1.4 (h), (i), and 6.1.5 (a), (b): the number counts the certificates below. */
bool tls_scope_requires_policy(const tls_strict *const *path, size_t count)
{
    bool required = path[0]->explicit_policy == 0;

    for (size_t i = 1; i < count; i++)
        required |= path[i]->explicit_policy >= 0 && path[i]->explicit_policy <= (int)i;
    return required && !is_one_valid(path, count);
}
