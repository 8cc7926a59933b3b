/*
 * config/nginx_matrix.h: which HSTS header lines nginx sends with each of its responses: the way of a request through
 * ngx_http_core_find_config_phase, ngx_http_rewrite_handler and ngx_http_special_response_handler, up to
 * ngx_http_headers_filter, measured with 1.22.1.
 */
#ifndef CONFIG_NGINX_MATRIX_H
#define CONFIG_NGINX_MATRIX_H

#include "config/nginx_model.h"
#include "facts/matrix.h"

#define NGINX_MATRIX_ROWS_MAX ((size_t)50000)

/* All of it lives in the arena, that of the estate. False, with the reason, if bounds are exceeded. */
bool nginx_matrix_make(const nginx_models *models, base_arena *arena, facts_matrix *matrix, base_error *error);

/* -- For the parts of it ------------------------------------------------------------------------------------------- */

/* What was looked up before, so that large configurations are not searched again for each response. */
#define NGINX_MEMO_TARGETS 16
#define NGINX_MEMO_LEVELS 64
typedef struct nginx_target {
    const nginx_server *server;
    const char *name; /* a path, or "@name" */
    const nginx_level *level;
    bool sure;
} nginx_target;

typedef struct nginx_memo {
    nginx_target targets[NGINX_MEMO_TARGETS];
    size_t next_target;
    struct {
        const nginx_level *level;
        bool runs_code;
    } levels[NGINX_MEMO_LEVELS];
} nginx_memo;

/* One request under way. */
typedef struct nginx_way {
    const nginx_model *model;
    nginx_memo *memo;
    const nginx_server *server;
    bool tls;        /* as variables see it */
    int err_status;  /* the status that an error is sent with, whoever answers; 0: that of who answers */
    bool is_settled; /* a further error leads to no error_page */
    unsigned moves;
    const char *uri; /* where it was moved to; NULL: any that leads to the location */
    bool early;      /* the rewrite phase is not reached: nothing was set */
    facts_matrix_cell *cell;
} nginx_way;

/* Where the rewrite phase of a level leads: the level that answers, and the `return` that ends it. */
typedef struct nginx_arrival {
    const nginx_level *level;
    const config_node *stop; /* NULL: none */
    bool open;               /* an `if` whose condition is not known, or a rewrite, may lead elsewhere */
} nginx_arrival;

/* `tls` as variables see it. */
nginx_arrival nginx_arrive(const nginx_model *model, const nginx_level *level, bool tls);

/* The response: the error `status` at the level; a `return` there; what the level has to give; the application's. */
void nginx_way_fail(nginx_way *way, const nginx_level *level, int status);
void nginx_way_return(nginx_way *way, const nginx_level *level, const config_node *node);
void nginx_way_send(nginx_way *way, const nginx_level *level, int status, facts_matrix_by by);
void nginx_way_application(nginx_way *way, const nginx_level *level, int status);
/* What try_files leads to if no file is there. False: no file can be missed, or the level has none. */
bool nginx_way_missed(nginx_way *way, const nginx_level *level);
/* The status of a `return`; 302 for a URL. */
int nginx_return_status(const config_node *node);

#endif
