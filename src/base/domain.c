#include "base/domain.h"

#include <libpsl.h>
#include <string.h>

bool base_domain_is_registrable(const hf_host *host)
{
    const char *domain;

    if (host->kind != HF_HOST_NAME)
        return false;
    domain = psl_registrable_domain(psl_builtin(), host->name);
    return domain != NULL && strcmp(domain, host->name) == 0;
}

void base_domain_of(const hf_host *host, hf_host *domain)
{
    const char *name = host->kind == HF_HOST_NAME ? psl_registrable_domain(psl_builtin(), host->name) : NULL;
    hf_host whole = *host;

    if (name == NULL || hf_host_parse(name, strlen(name), NULL, domain, NULL) != HF_OK)
        *domain = whole;
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
