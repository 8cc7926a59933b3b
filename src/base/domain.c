#include "base/domain.h"

#include "base/ascii.h"

#include <libpsl.h>
#include <string.h>

bool base_domain_is_registrable(const hf_host *host)
{
    const char *domain;

    if (host->kind != HF_HOST_NAME)
        return false;
    domain = base_domain_registrable(host->name);
    return domain != NULL && strcmp(domain, host->name) == 0;
}

bool base_domain_is_registry(const char *name, size_t length)
{
    char text[HF_HOST_MAX + 1];

    if (length > HF_HOST_MAX)
        return false;
    for (size_t i = 0; i < length; i++)
        text[i] = base_ascii_lower(name[i]);
    text[length] = '\0';
    return psl_is_public_suffix2(psl_builtin(), text, PSL_TYPE_ICANN) == 1;
}

void base_domain_of(const hf_host *host, hf_host *domain)
{
    const char *name = host->kind == HF_HOST_NAME ? base_domain_registrable(host->name) : NULL;
    hf_host whole = *host;

    if (name == NULL || hf_host_parse(name, strlen(name), NULL, domain, NULL) != HF_OK)
        *domain = whole;
}

const char *base_domain_registrable(const char *name)
{
    return psl_registrable_domain(psl_builtin(), name);
}

bool base_domain_is_suffix(const char *name)
{
    return psl_is_public_suffix(psl_builtin(), name) == 1;
}

bool base_domain_is_public(const hf_host *host, bool whole)
{
    const int listed = PSL_TYPE_ANY | PSL_TYPE_NO_STAR_RULE;
    const char *dot;

    if (host->kind != HF_HOST_NAME)
        return false;
    if (whole && psl_is_public_suffix2(psl_builtin(), host->name, listed))
        return true;
    for (dot = strchr(host->name, '.'); dot != NULL; dot = strchr(dot + 1, '.'))
        if (psl_is_public_suffix2(psl_builtin(), dot + 1, listed))
            return true;
    return false;
}

bool base_domain_is_within(const char *name, const char *above)
{
    size_t length = strlen(name), tail = strlen(above);

    return length >= tail && strcmp(name + (length - tail), above) == 0 &&
           (length == tail || name[length - tail - 1] == '.');
}

bool base_domain_www(const hf_host *host, hf_host *www)
{
    static const char prefix[] = "www.";
    hf_host made = {.kind = HF_HOST_NAME, .length = sizeof prefix - 1 + host->length};

    if (host->kind != HF_HOST_NAME || made.length > HF_HOST_MAX)
        return false;
    memcpy(made.name, prefix, sizeof prefix - 1);
    memcpy(made.name + sizeof prefix - 1, host->name, host->length);
    *www = made;
    return true;
}
