/*
 * probe/default_host.h: what the server shows to a client that names no host (no SNI): the certificate that is also
 * shown for every name the server does not know.
 */
#ifndef PROBE_DEFAULT_HOST_H
#define PROBE_DEFAULT_HOST_H

#include "probe/context.h"

probe_look probe_default_host;

#endif
