/* config/nginx_names.h: which server has a name, as ngx_http_find_virtual_server finds it. */
#ifndef CONFIG_NGINX_NAMES_H
#define CONFIG_NGINX_NAMES_H

#include "config/nginx_model.h"

typedef struct nginx_names nginx_names;

/* The names of the servers that visitors reach with TLS, or on port 80 without. In the arena. */
nginx_names *nginx_names_make(const nginx_model *model, bool tls, base_arena *arena);
/* The server that answers for a name, or for all names of a wildcard; NULL: none has it. */
nginx_server *nginx_names_find(const nginx_names *names, hf_span name);
/* The one that answers for names that none has; NULL: nobody listens. */
nginx_server *nginx_names_default(const nginx_names *names);
/* True if a server has a name that is a regular expression, which may stand for any name. */
bool nginx_names_has_patterns(const nginx_names *names);

/* True of a name or wildcard that visitors may use; not of "_", "" or a regular expression. */
bool nginx_name_is_real(const config_word *name);

#endif
