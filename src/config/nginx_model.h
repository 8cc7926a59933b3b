/*
 * config/nginx_model.h: what nginx makes of its directives: servers and what they listen on, levels (http, server,
 * location, if) and which header lines are in force at each, what answers there.
 *
 * Facts about nginx are those of ngx_http_headers_filter_module.c, ngx_http_core_module.c and
 * ngx_http_upstream.c, measured with 1.22.1.
 */
#ifndef CONFIG_NGINX_MODEL_H
#define CONFIG_NGINX_MODEL_H

#include "config/nginx_syntax.h"
#include "config/version.h"

/* What a file is a part of. */
typedef enum nginx_context {
    NGINX_CONTEXT_AUTO,
    NGINX_CONTEXT_MAIN,   /* a whole configuration, or http { } without what is beside it */
    NGINX_CONTEXT_HTTP,   /* what stands inside http { } */
    NGINX_CONTEXT_SERVER, /* what stands inside a server { } with TLS */
} nginx_context;

typedef enum nginx_kind {
    NGINX_HTTP,
    NGINX_SERVER,
    NGINX_LOCATION,
    NGINX_IF,        /* in a location */
    NGINX_SERVER_IF, /* in a server: it has no headers of its own */
    NGINX_LIMIT,     /* limit_except */
} nginx_kind;

typedef enum nginx_inherit {
    NGINX_INHERIT_ON,
    NGINX_INHERIT_OFF,
    NGINX_INHERIT_MERGE,
} nginx_inherit;

#define NGINX_LEVELS_MAX (1 << 18)
#define NGINX_HEADERS_MAX (1 << 20) /* header lines in force, over all levels */

/* A line that adds a header field. */
typedef struct nginx_emitter {
    const config_node *node;
    const config_word *name, *value;
    hf_span field; /* the name as it is sent */
    hf_span text;  /* the value in the word; for more_set_headers a part of it */
    bool sts;      /* it is the HSTS header */
    bool meant;    /* it is, or is meant to be: the name is mistyped */
    bool always;
    bool more;        /* more_set_headers: on every status, in place of what is there */
    const char *only; /* more_set_headers -s: the statuses, "404 500"; NULL: every one */
    bool clears;      /* it removes the field: more_clear_headers, or a value that is nothing */
} nginx_emitter;

typedef struct nginx_emitters {
    const nginx_emitter **items;
    size_t count, capacity;
} nginx_emitters;

typedef struct nginx_server nginx_server;

typedef struct nginx_level {
    nginx_kind kind;
    const config_node *node;   /* its block, or the fragment that stands for it; NULL: http { } is not shown */
    const config_node **lines; /* what stands in it without a block, by name, then in its order */
    size_t line_count;
    struct nginx_level *parent;
    struct nginx_level **children;
    size_t child_count, child_capacity;
    nginx_server *server;    /* NULL: http */
    nginx_emitters own;      /* its add_header lines */
    nginx_emitters own_more; /* its more_set_headers and more_clear_headers */
    nginx_emitters headers;  /* the add_header lines in force */
    nginx_emitters more;     /* the others in force */
    nginx_inherit inherit;
    const config_node *inherit_node; /* its own add_header_inherit */
    bool unread;                     /* an include at this level could not be read */
    const config_node *pass;         /* proxy_pass and the like in force */
    const config_node *stops;        /* its own `return`, outside of any `if` */
} nginx_level;

typedef struct nginx_listen {
    const config_node *node; /* NULL: nginx's own, port 80 */
    const char *socket;      /* "*:443", "[::]:443": the same for all servers on it */
    int port;                /* 0: a Unix socket */
    bool tls;                /* of the socket: if one server says so, all have it */
    bool said_tls;           /* this line says so */
    bool http2;
    bool is_default;   /* it answers there for names that no server has */
    bool said_default; /* this line says so */
    bool shared;       /* another server is on the socket too */
} nginx_listen;

struct nginx_server {
    nginx_level *level;
    nginx_listen *listens;
    size_t listen_count, listen_capacity;
    const config_word **names;
    size_t name_count, name_capacity;
    const config_node *name_node; /* the first server_name */
    bool tls, plain;              /* it listens with TLS; without */
    bool http2;
    bool assumed; /* a fragment: that it has TLS is assumed */
};

typedef struct nginx_model {
    config_estate *estate;
    nginx_tree tree;
    nginx_level *http;         /* NULL: nothing in it is of HTTP */
    const config_node **mains; /* files that are whole configurations: what stands around http { } */
    size_t main_count, main_capacity;
    nginx_server **servers;
    size_t server_count, server_capacity;
    const config_node **maps; /* map blocks */
    size_t map_count, map_capacity;
    const config_node **sets; /* set directives, in order */
    size_t set_count, set_capacity;
    config_version version; /* of nginx; all zero: not said */
    size_t *steps;          /* taken so far to find values: see nginx_step */
} nginx_model;

#define NGINX_STEPS_MAX ((size_t)1 << 26)

/* Of files that are parts of one configuration; a part that another of them includes is in there. False, with the
 * reason, only when bounds are exceeded. */
bool nginx_model_make(config_estate *estate, config_file *const *files, size_t count, nginx_context context,
                      config_version version, nginx_model *model, base_error *error);

typedef struct nginx_models {
    nginx_model *items;
    size_t count;
} nginx_models;

/* The same of any files: each whole configuration is a model of its own, and the fragments are one together. */
bool nginx_models_make(config_estate *estate, config_file *const *files, size_t count, nginx_context context,
                       config_version version, nginx_models *models, base_error *error);

/* The location that a URI leads to, below `server`; NULL: no location, the server itself answers. *sure is false where
 * a regular expression could not be judged. */
const nginx_level *nginx_find_location(const nginx_server *server, const char *uri, bool *sure);
const nginx_level *nginx_find_named(const nginx_server *server, const char *name);

/* The directives of a name at a level itself, in their order. */
const config_node *const *nginx_own_lines(const nginx_level *level, const char *name, size_t *count);
/* The last directive of a name that is in force at a level: its own, or else that of the levels above. NULL: none. */
const config_node *nginx_in_force(const nginx_level *level, const char *name);
/* True if ssl_reject_handshake is on: nobody gets a response over TLS. */
bool nginx_rejects_handshake(const nginx_server *server);
/* True if PREFIX_hide_header of the level removes a field of the application. `prefix` is "proxy" for instance. */
bool nginx_hides(const nginx_level *level, const char *field, const config_node **line);
/* "proxy" for proxy_pass: an application sends responses there; NULL: nothing is passed on. */
const char *nginx_pass_prefix(const nginx_level *level);

/* -- Values -------------------------------------------------------------------------------------------------------- */

/* What a word comes to in requests with or without TLS. */
typedef struct nginx_value {
    bool known;
    bool empty;             /* nothing comes of it, so nothing is sent */
    const char *text;       /* known */
    const config_node *arm; /* the line of a map that says it; NULL: none */
    const config_word
        *word; /* the word of the configuration that is the value as it stands; NULL: it is made of parts */
} nginx_value;

/*
 * What a search for values has looked at: `count` more. False: these are more than NGINX_STEPS_MAX, and from now on no
 * value is known, so that a configuration made for it cannot take an hour.
 */
bool nginx_step(const nginx_model *model, size_t count);

nginx_value nginx_evaluate(const nginx_model *model, const nginx_level *level, hf_span text, const config_word *word,
                           bool tls);
/* The map that makes a variable; NULL: none. `name` without "$". */
const config_node *nginx_map_of(const nginx_model *model, hf_span name);
/* 1: true; 0: false; -1: not known. `node` is an `if`. */
int nginx_condition(const nginx_model *model, const nginx_level *level, const config_node *node, bool tls);

#endif
