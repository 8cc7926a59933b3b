/*
 * probe/answers.h: the same host, asked in other ways: HEAD and GET, the page and a path that cannot exist, over HTTP/2
 * where the server speaks that, and over HTTP/1.1. One connection for each version of HTTP, unless the server closes
 * it.
 */
#ifndef PROBE_ANSWERS_H
#define PROBE_ANSWERS_H

#include "probe/context.h"

probe_look probe_answers;

#endif
