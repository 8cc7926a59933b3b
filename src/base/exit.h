/*
 * base/exit.h: the exit codes of every command.
 */
#ifndef BASE_EXIT_H
#define BASE_EXIT_H

enum {
    BASE_EXIT_CLEAN = 0,
    BASE_EXIT_FINDINGS = 1,  /* at or above --fail-on */
    BASE_EXIT_USAGE = 2,     /* what was asked makes no sense, or is malformed */
    BASE_EXIT_UNCHECKED = 3, /* this machine could not check, or not say */
    BASE_EXIT_PARTLY = 4,    /* some of it could not be checked */
};

#endif
