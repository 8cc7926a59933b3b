/*
 * stores/running.h: does the program that owns a store run? Writing under its hands would be undone or would break it.
 */
#ifndef STORES_RUNNING_H
#define STORES_RUNNING_H

typedef enum stores_running {
    STORES_IDLE,
    STORES_RUNNING,
    STORES_UNKNOWN, /* this system does not tell */
} stores_running;

#define STORES_WHO_MAX 160

/*
 * Looks at the program's own locks (Chromium's SingletonLock, Firefox's .parentlock and lock) or, where there are none, at the processes.
 * `who` becomes "process 4711 (firefox)" or another clause that says who it is; empty unless running.
 */
stores_running stores_is_running(const char *kind, const char *path, char who[STORES_WHO_MAX]);

#endif
