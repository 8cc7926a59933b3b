/*
 * batch/signals.h: SIGINT, SIGTERM and SIGHUP. The first asks for an orderly end, the second ends the program at once.
 */
#ifndef BATCH_SIGNALS_H
#define BATCH_SIGNALS_H

#include <stdbool.h>

/* From now on; once in the life of a process. */
void batch_signals_begin(void);
bool batch_signals_asked(void);
/* Can be read once an end was asked for; -1: never. */
int batch_signals_descriptor(void);
/* In a new process, which does as it is told by others. */
void batch_signals_leave(void);

#endif
