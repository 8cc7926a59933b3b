/*
 * config/generate.h: what a server shall do with HSTS, so that a platform can write the configuration that does it.
 * Pure.
 */
#ifndef CONFIG_GENERATE_H
#define CONFIG_GENERATE_H

#include "base/buffer.h"
#include "config/version.h"
#include "holdfast/header.h"

#define CONFIG_NAMES_MAX ((size_t)32)

/* A step on the way to a policy for good. */
typedef struct config_stage {
    const char *name;
    int64_t max_age;
    int days;     /* that it is served at least before the next one; 0: none follows by itself */
    bool preload; /* with all that the preload list asks for */
} config_stage;

/* In their order; ends with a row without a name. */
extern const config_stage config_stages[];

typedef struct config_wish {
    config_version version;
    hf_policy policy;
    const config_stage *stage; /* NULL: none */
    bool rollback;             /* the policy is taken back: max-age is 0 */
    bool behind_proxy;         /* another server ends TLS */
    const char *const *names;  /* of the site, as config_wish_name makes them; with none the text is an example */
    size_t name_count;
    const char *certificate, *key; /* paths as config_wish_path takes them; NULL: those of certbot */
} config_wish;

const config_stage *config_stage_find(const char *name);

/* Writes the canonical form of a host name, or of "*." and a host name, into `out`. False, with the reason. */
#define CONFIG_NAME_MAX 256
bool config_wish_name(const char *text, char out[CONFIG_NAME_MAX], base_error *error);
/* True if the path is absolute, and means itself in every configuration. */
bool config_wish_path(const char *text, base_error *error);

/* False, with the reason, if no site should send such a policy. */
bool config_wish_check(const config_wish *wish, base_error *error);

#endif
