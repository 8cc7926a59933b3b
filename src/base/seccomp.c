#include "base/seccomp.h"

#ifdef __linux__
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/syscall.h>
#endif
#include <fcntl.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

/* 64 bits only: 32-bit machines have other calls, sockets all behind one of them. */
#if defined(__linux__) && defined(__x86_64__) && !defined(__ILP32__)
#define ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__linux__) && defined(__aarch64__)
#define ARCHITECTURE AUDIT_ARCH_AARCH64
#elif defined(__linux__) && defined(__riscv) && __riscv_xlen == 64
#define ARCHITECTURE AUDIT_ARCH_RISCV64
#endif

#ifndef ARCHITECTURE

bool base_seccomp_enter(unsigned sets)
{
    (void)sets;
    return false;
}

#else

#define COMPUTE BASE_SECCOMP_COMPUTE
#define READ BASE_SECCOMP_READ
#define CONNECT BASE_SECCOMP_CONNECT

/* A call that passes if the bits of `mask` in its argument are `value`. The other half of an argument says nothing:
 * where it is looked at here the kernel takes an int, or bits that lie in this half. */
typedef struct passing {
    unsigned call, sets, argument;
    uint32_t mask, value;
} passing;

#define OPENS_TO_CHANGE (uint32_t)(O_ACCMODE | O_CREAT | O_TRUNC)
#define RUNS PROT_EXEC

/* The most frequent ones first. */
static const passing passes[] = {
    {SYS_read, COMPUTE, 0, 0, 0},
    {SYS_write, COMPUTE, 0, 0, 0},
    {SYS_pread64, COMPUTE, 0, 0, 0},
    {SYS_pwrite64, COMPUTE, 0, 0, 0},
    {SYS_readv, COMPUTE, 0, 0, 0},
    {SYS_writev, COMPUTE, 0, 0, 0},
#ifdef SYS_epoll_wait
    {SYS_epoll_wait, CONNECT, 0, 0, 0},
#endif
    {SYS_epoll_pwait, CONNECT, 0, 0, 0},
    {SYS_epoll_ctl, CONNECT, 0, 0, 0},
    {SYS_close, COMPUTE, 0, 0, 0},
    {SYS_setsockopt, CONNECT, 0, 0, 0},
    {SYS_getsockopt, CONNECT, 0, 0, 0},
    {SYS_connect, CONNECT, 0, 0, 0},
    {SYS_socket, CONNECT, 0, UINT32_MAX, AF_INET},
    {SYS_socket, CONNECT, 0, UINT32_MAX, AF_INET6},
    {SYS_sendto, CONNECT, 0, 0, 0},
    {SYS_sendmsg, CONNECT, 0, 0, 0},
    {SYS_sendmmsg, CONNECT, 0, 0, 0},
    {SYS_recvfrom, CONNECT, 0, 0, 0},
    {SYS_recvmsg, CONNECT, 0, 0, 0},
    {SYS_recvmmsg, CONNECT, 0, 0, 0},
    {SYS_shutdown, CONNECT, 0, 0, 0},
    {SYS_bind, CONNECT, 0, 0, 0}, /* a question to the DNS may leave from a port of our choice */
    {SYS_getsockname, CONNECT, 0, 0, 0},
    {SYS_getpeername, CONNECT, 0, 0, 0},
    {SYS_fcntl, CONNECT, 1, UINT32_MAX, F_GETFL},
    {SYS_fcntl, CONNECT, 1, UINT32_MAX, F_SETFL},
    {SYS_fcntl, CONNECT, 1, UINT32_MAX, F_GETFD},
    {SYS_fcntl, CONNECT, 1, UINT32_MAX, F_SETFD},
    {SYS_ioctl, CONNECT, 1, UINT32_MAX, 0x5421 /* FIONBIO */},
    {SYS_ioctl, CONNECT, 1, UINT32_MAX, 0x541b /* FIONREAD */},
#ifdef SYS_poll
    {SYS_poll, CONNECT, 0, 0, 0},
#endif
    {SYS_ppoll, CONNECT, 0, 0, 0},
    {SYS_mmap, COMPUTE, 2, RUNS, 0},
    {SYS_mprotect, COMPUTE, 2, RUNS, 0},
    {SYS_munmap, COMPUTE, 0, 0, 0},
    {SYS_mremap, COMPUTE, 0, 0, 0},
    {SYS_madvise, COMPUTE, 0, 0, 0},
    {SYS_brk, COMPUTE, 0, 0, 0},
    {SYS_futex, COMPUTE, 0, 0, 0},
    {SYS_openat, READ, 2, OPENS_TO_CHANGE, O_RDONLY},
#ifdef SYS_open
    {SYS_open, READ, 1, OPENS_TO_CHANGE, O_RDONLY},
#endif
    {SYS_newfstatat, READ, 0, 0, 0},
    {SYS_readlinkat, READ, 0, 0, 0},
#ifdef SYS_stat
    {SYS_stat, READ, 0, 0, 0}, /* older and other C libraries */
    {SYS_lstat, READ, 0, 0, 0},
#endif
    {SYS_getdents64, READ, 0, 0, 0},
    {SYS_fstat, COMPUTE, 0, 0, 0},
    {SYS_lseek, COMPUTE, 0, 0, 0},
    {SYS_ftruncate, COMPUTE, 0, 0, 0},
    {SYS_getpid, COMPUTE, 0, 0, 0},
    {SYS_gettid, COMPUTE, 0, 0, 0},
    {SYS_getrandom, COMPUTE, 0, 0, 0},
    {SYS_clock_gettime, COMPUTE, 0, 0, 0},
    {SYS_gettimeofday, COMPUTE, 0, 0, 0},
    {SYS_sysinfo, COMPUTE, 0, 0, 0}, /* qsort asks how much memory there is */
    {SYS_sched_yield, COMPUTE, 0, 0, 0},
    {SYS_sigaltstack, COMPUTE, 0, 0, 0}, /* AddressSanitizer at the end of a process */
    {SYS_rt_sigaction, COMPUTE, 0, 0, 0},
    {SYS_rt_sigprocmask, COMPUTE, 0, 0, 0},
    {SYS_rt_sigreturn, COMPUTE, 0, 0, 0},
    {SYS_restart_syscall, COMPUTE, 0, 0, 0},
    {SYS_exit, COMPUTE, 0, 0, 0},
    {SYS_exit_group, COMPUTE, 0, 0, 0},
};

/* Calls that say that somebody else is in control; with any of `spared` they are judged as the others are. */
static const struct {
    unsigned call, spared;
} ends[] = {
    {SYS_execve, 0},
    {SYS_execveat, 0},
#ifdef SYS_fork
    {SYS_fork, 0},
    {SYS_vfork, 0},
#endif
    {SYS_clone, 0},
#ifdef SYS_clone3
    {SYS_clone3, 0},
#endif
    {SYS_ptrace, 0},
    {SYS_process_vm_readv, 0},
    {SYS_process_vm_writev, 0},
    {SYS_socket, CONNECT},
    {SYS_connect, CONNECT},
    {SYS_bind, CONNECT},
};

#define PASSES (sizeof passes / sizeof passes[0])
#define ENDS (sizeof ends / sizeof ends[0])
#define ROW_MAX 6
#define PROGRAM_MAX (4 + (PASSES + 1) * ROW_MAX + 2 * ENDS + 1)

typedef struct program {
    struct sock_filter steps[PROGRAM_MAX];
    unsigned short length;
} program;

static void put(program *p, unsigned short code, uint32_t value, unsigned char if_not)
{
    p->steps[p->length++] = (struct sock_filter){code, 0, if_not, value};
}

/* The low half of an argument. */
static uint32_t place_of(unsigned argument)
{
    size_t place = offsetof(struct seccomp_data, args) + argument * sizeof(uint64_t);

#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    place += sizeof(uint32_t);
#endif
    return (uint32_t)place;
}

static void put_number(program *p)
{
    put(p, BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr), 0);
}

/* Where an argument was looked at the number has to be loaded again for the next row. */
static void put_passing(program *p, const passing *row)
{
    if (row->mask == 0) {
        put(p, BPF_JMP | BPF_JEQ | BPF_K, row->call, 1);
        put(p, BPF_RET | BPF_K, SECCOMP_RET_ALLOW, 0);
        return;
    }
    put(p, BPF_JMP | BPF_JEQ | BPF_K, row->call, 5);
    put(p, BPF_LD | BPF_W | BPF_ABS, place_of(row->argument), 0);
    put(p, BPF_ALU | BPF_AND | BPF_K, row->mask, 0);
    put(p, BPF_JMP | BPF_JEQ | BPF_K, row->value, 1);
    put(p, BPF_RET | BPF_K, SECCOMP_RET_ALLOW, 0);
    put_number(p);
}

static void write_program(program *p, unsigned sets)
{
    /* A process may end itself by abort(), and nobody else. */
    const passing abort_self = {SYS_tgkill, COMPUTE, 0, UINT32_MAX, (uint32_t)getpid()};

    put(p, BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch), 0);
    p->steps[p->length++] = (struct sock_filter){BPF_JMP | BPF_JEQ | BPF_K, 1, 0, ARCHITECTURE};
    put(p, BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS, 0);
    put_number(p);
    for (size_t i = 0; i < PASSES; i++)
        if ((passes[i].sets & sets) != 0)
            put_passing(p, &passes[i]);
    put_passing(p, &abort_self);
    for (size_t i = 0; i < ENDS; i++) {
        if ((ends[i].spared & sets) != 0)
            continue;
        put(p, BPF_JMP | BPF_JEQ | BPF_K, ends[i].call, 1);
        put(p, BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS, 0);
    }
    put(p, BPF_RET | BPF_K, SECCOMP_RET_ERRNO | 38 /* ENOSYS: libc then does without the call */, 0);
}

bool base_seccomp_enter(unsigned sets)
{
    program p = {.length = 0};
    struct sock_fprog filter;

    write_program(&p, sets);
    filter = (struct sock_fprog){p.length, p.steps};
    return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0U, &filter) == 0;
}

#endif
