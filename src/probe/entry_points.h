/*
 * probe/entry_points.h: the ways into a site: http and https, with www and without, each redirect by redirect.
 */
#ifndef PROBE_ENTRY_POINTS_H
#define PROBE_ENTRY_POINTS_H

#include "probe/context.h"

probe_look probe_entry_points;

#endif
