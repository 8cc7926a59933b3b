/* A copy of /etc/hosts: what it says, and that names are found in it once the file itself is closed to us. */
#define _GNU_SOURCE /* unshare */
#include "dns/hosts_file.h"

#include "base/file.h"
#include "base/sandbox.h"
#include "dns/channel.h"

#include "lib/scratch.h"

#include <fcntl.h>
#include <sched.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#define ROOM 3

/* All that is found, "ADDRESS ADDRESS". */
static const char *find(const base_buffer *text, const char *name)
{
    static char found[ROOM * (IO_ADDRESS_TEXT + 1)];
    io_address addresses[ROOM];
    size_t count = dns_hosts_file_find(text, name, 443, addresses, ROOM);
    char one[IO_ADDRESS_TEXT];

    found[0] = '\0';
    for (size_t i = 0; i < count; i++) {
        io_address_format(&addresses[i], one);
        snprintf(found + strlen(found), sizeof found - strlen(found), "%s%s", i > 0 ? " " : "", one);
    }
    return found;
}

static void names_and_addresses(void **state)
{
    base_buffer text;

    (void)state;
    scratch_file("hosts", "# 127.0.0.9 comment.test\n"
                          "127.0.0.1\tlocalhost  a.test\r\n"
                          "\n"
                          "  ::1 localhost ip6-localhost # more.test\n"
                          "not-an-address b.test\n"
                          "127.0.0.2 A.Test#c.test\n"
                          "127.0.0.3 a.test\n127.0.0.4 a.test\n"
                          "127.0.0.5");
    dns_hosts_file_open(&text, "hosts");
    assert_string_equal(find(&text, "localhost"), "::1 127.0.0.1");
    assert_string_equal(find(&text, "ip6-localhost"), "::1");
    assert_string_equal(find(&text, "a.test"), "127.0.0.1 127.0.0.2 127.0.0.3"); /* as there is room */
    static const char *const none[] = {"b.test", "c.test",   "more.test", "comment.test",
                                       "a.tes",  "a.test.x", "127.0.0.1"};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        assert_string_equal(find(&text, none[i]), "");
    base_buffer_done(&text);
    dns_hosts_file_open(&text, "none");
    assert_string_equal(find(&text, "a.test"), "");
    base_buffer_done(&text);
}

static void tell(const char *text)
{
    if (write(STDERR_FILENO, text, strlen(text)) < 0)
        _exit(9);
}

/* In a sandbox: told by a byte that the file has been replaced. */
static int look_up(dns_channel *channel, int ready, int replaced)
{
    const base_sandbox sandbox = {.profile = BASE_SANDBOX_PROBER};
    io_address addresses[ROOM];
    char octet = 0;

    if (base_sandbox_enter(&sandbox) != 0)
        return 77;
    if (dns_channel_hosts_file(channel, "old.test", 443, addresses, ROOM) != 1)
        return 1;
    if (write(ready, "x", 1) != 1 || read(replaced, &octet, 1) != 1)
        return 2;
    if (open(DNS_HOSTS_FILE, O_RDONLY) >= 0)
        tell("the file that was put in its place can be read, too\n");
    return dns_channel_hosts_file(channel, "old.test", 443, addresses, ROOM) == 1 ? 0 : 3;
}

/* With an /etc of its own. 77: that cannot be had here. */
static int with_another_etc(void)
{
    int ready[2], replaced[2], status = 0;
    base_error error;
    char octet;

    if (unshare(CLONE_NEWNS) != 0 || mount("none", "/", "none", MS_REC | MS_PRIVATE, NULL) != 0 ||
        mount("none", "/etc", "tmpfs", 0, NULL) != 0 || pipe(ready) != 0 || pipe(replaced) != 0)
        return 77;
    if (!base_file_replace("/etc/hosts", "127.0.0.7 old.test\n", 19, &error))
        return 4;
    io_loop *loop = io_loop_new();
    dns_channel *channel = dns_channel_new(loop, "127.0.0.1:1", false, &error);
    pid_t child = fork();
    if (child == 0)
        _exit(look_up(channel, ready[1], replaced[0]));
    close(ready[1]);
    if (read(ready[0], &octet, 1) == 1 &&
        (!base_file_replace("/etc/hosts", "127.0.0.8 new.test\n", 19, &error) || write(replaced[1], "x", 1) != 1))
        return 5;
    waitpid(child, &status, 0);
    dns_channel_free(channel);
    io_loop_free(loop);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 6;
}

static void a_file_that_was_replaced(void **state)
{
    int status;

    (void)state;
    if (geteuid() != 0)
        skip();
    pid_t child = fork();
    if (child == 0)
        _exit(with_another_etc());
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    if (WEXITSTATUS(status) == 77)
        skip();
    assert_int_equal(WEXITSTATUS(status), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(names_and_addresses, scratch_enter, scratch_leave),
        cmocka_unit_test(a_file_that_was_replaced),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
