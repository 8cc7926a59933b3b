/*
 * cmd/probe_stop.h: SIGINT, SIGTERM and SIGHUP. The first asks for an orderly end, the second ends the program at once.
 */
#ifndef CMD_PROBE_STOP_H
#define CMD_PROBE_STOP_H

#include <stdbool.h>

/* From now on; once in the life of a process. */
void cmd_probe_stop_begin(void);
bool cmd_probe_stop_asked(void);
/* Can be read once an end was asked for; -1: never. */
int cmd_probe_stop_descriptor(void);
/* In a new process, which does as it is told by others. */
void cmd_probe_stop_leave(void);

#endif
