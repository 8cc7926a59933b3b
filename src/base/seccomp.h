/*
 * base/seccomp.h: the filter on system calls (seccomp), written by hand: what it lets pass is a table.
 */
#ifndef BASE_SECCOMP_H
#define BASE_SECCOMP_H

#include <stdbool.h>

/* Sets of the table: a filter lets pass what any of its sets has. */
enum {
    BASE_SECCOMP_COMPUTE = 1, /* memory, time, its end; reading and writing what is open, at any place of it */
    BASE_SECCOMP_READ = 2,    /* opening files for reading */
    BASE_SECCOMP_CONNECT = 4, /* IPv4 and IPv6: sockets that connect or send, and waiting for them */
};

/*
 * From here on only the calls of `sets` pass. Another one fails with ENOSYS, except those that no sound process makes
 * after this (running a program, a new process, reading another's memory; without BASE_SECCOMP_CONNECT a socket): they
 * end the process with SIGSYS. PR_SET_NO_NEW_PRIVS comes first. False: there is no filter, and nothing has changed.
 */
bool base_seccomp_enter(unsigned sets);

#endif
