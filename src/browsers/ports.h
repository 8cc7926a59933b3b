/*
 * browsers/ports.h: ports at which browsers open no http or https URL: those of other protocols.
 */
#ifndef BROWSERS_PORTS_H
#define BROWSERS_PORTS_H

#include "facts/page.h"

#include <stdbool.h>

/* True if the engine does not even connect. FACTS_ENGINE_ANY: one of them does not. */
bool browsers_port_is_blocked(int port, facts_engine engine);

#endif
