/*
 * probe/ways.h: the ways into a site: http and https, with www and without, each redirect by redirect.
 */
#ifndef PROBE_WAYS_H
#define PROBE_WAYS_H

#include "probe/order.h"

probe_look probe_ways;

#endif
