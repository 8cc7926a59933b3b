/* config/nginx_generate.h: an nginx configuration that does what is wished. Pure. */
#ifndef CONFIG_NGINX_GENERATE_H
#define CONFIG_NGINX_GENERATE_H

#include "config/generate.h"

/* Appends a file for http { }. */
void nginx_generate(const config_wish *wish, base_buffer *out);

#endif
