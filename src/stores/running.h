/*
 * stores/running.h: does the program that owns a store run? Writing under its hands would be undone or would break it.
 */
#ifndef STORES_RUNNING_H
#define STORES_RUNNING_H

#include "stores/store.h"

/*
 * Looks at the program's own locks (Chromium's SingletonLock, Firefox's .parentlock and lock) or, where there are
 * none, at the processes. `who` becomes "process 4711 (firefox)" or another clause that says who it is; empty unless
 * running.
 */
facts_running stores_is_running(const stores_store *store, char who[FACTS_WHO_MAX]);

#endif
