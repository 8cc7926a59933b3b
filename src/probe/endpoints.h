/*
 * probe/endpoints.h: the same question to each address of the site's names, for visitors come to any of them.
 */
#ifndef PROBE_ENDPOINTS_H
#define PROBE_ENDPOINTS_H

#include "probe/context.h"

probe_look probe_endpoints;

#endif
