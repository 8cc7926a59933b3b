/* config/nginx_redirect.h: a directive that sends the client elsewhere, and where to. Pure. */
#ifndef CONFIG_NGINX_REDIRECT_H
#define CONFIG_NGINX_REDIRECT_H

#include "config/nginx_model.h"

typedef enum nginx_scheme {
    NGINX_SCHEME_UNKNOWN, /* it is decided when the request comes */
    NGINX_SCHEME_HTTP,
    NGINX_SCHEME_HTTPS,
} nginx_scheme;

typedef enum nginx_host {
    NGINX_HOST_UNKNOWN,
    NGINX_HOST_SAME,  /* that of the request: $host, or no host at all */
    NGINX_HOST_FIRST, /* $server_name: the first name of the server */
    NGINX_HOST_NAMED,
    NGINX_HOST_OTHER, /* made of that of the request, and another one: www.$host */
} nginx_host;

typedef struct nginx_redirect {
    const config_node *node;
    const config_word *target;
    const config_word *code; /* the word that says the status; NULL: none does, and it is 302 */
    int status;
    nginx_scheme scheme;
    nginx_host host;
    hf_span name;     /* NGINX_HOST_NAMED */
    bool has_port;    /* the target names a port */
    const char *path; /* behind the host, as far as it is known */
} nginx_redirect;

/* `return`, `rewrite` and `error_page` at a level, for requests with or without TLS; false: it is no redirect. */
bool nginx_redirect_read(const nginx_model *model, const nginx_level *level, const config_node *node, bool tls,
                         nginx_redirect *found);
/* True of a `return` or `rewrite` that ends every request which comes to it, by whatever response. */
bool nginx_ends_all(const config_node *node);

#endif
