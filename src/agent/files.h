/*
 * agent/files.h: what browsers make of files of certificates that are to be served.
 */
#ifndef AGENT_FILES_H
#define AGENT_FILES_H

#include "facts/files.h"

/* Forms the takings of every name from what a handshake would show. */
void agent_judge_files(facts_files *files);

#endif
