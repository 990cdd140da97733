/* The squashfs mounted: one process serves it, another waits until nothing runs from it any more, and unmounts it. */
#include "runtime.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

/* Take a mounted folder away; who still has files of it open keeps them. */
static void unmount(const char *folder) {
    if (!umount2(folder, MNT_DETACH)) return;
    pid_t helper = fork();
    if (!helper) {
        execlp("fusermount3", "fusermount3", "-u", "-z", "-q", folder, (char *)NULL);
        _exit(1);
    }
    if (helper > 0) waitpid(helper, NULL, 0);
}

/* Unmount when the last of those that hold the lock has ended. */
__attribute__((noreturn)) static void watch(const char *folder, const char *lock_name) {
    int lock = open(lock_name, O_RDWR | O_CLOEXEC);
    if (lock >= 0 && !flock(lock, LOCK_EX)) {
        unmount(folder);
        rmdir(folder);
    }
    _exit(0);
}

/* Mount, and serve until it is unmounted; one byte into `ready` says that it can be used. */
__attribute__((noreturn)) static void serve(const char *folder, const char *lock_name, int ready) {
    static const struct fuse_lowlevel_ops operations = {
        .getattr = sqfs_ll_op_getattr,       .opendir = sqfs_ll_op_opendir,     .releasedir = sqfs_ll_op_releasedir,
        .readdir = sqfs_ll_op_readdir,       .lookup = sqfs_ll_op_lookup,       .open = sqfs_ll_op_open,
        .release = sqfs_ll_op_release,       .read = sqfs_ll_op_read,           .readlink = sqfs_ll_op_readlink,
        .listxattr = sqfs_ll_op_listxattr,   .getxattr = sqfs_ll_op_getxattr,   .forget = sqfs_ll_op_forget,
        .statfs = stfs_ll_op_statfs,
    };
    char *options[] = {NAME, "-o", "ro,nosuid,nodev,fsname=" NAME};
    struct fuse_args arguments = FUSE_ARGS_INIT(3, options);
    sqfs_ll *files = sqfs_ll_open(image, own_size);
    struct fuse_session *session = files ? fuse_session_new(&arguments, &operations, sizeof operations, files) : NULL;
    if (!session || fuse_session_mount(session, folder)) _exit(1);
    pid_t watcher = fork();
    if (!watcher) {
        close(fuse_session_fd(session)); /* should the server die, nobody waits for its answers */
        watch(folder, lock_name);
    }
    if (watcher > 0 && write(ready, "", 1) == 1) {
        close(ready);
        fuse_session_loop(session);
    }
    _exit(0);
}

/* Let a process of its own mount and serve the folder; true once it can be used. */
static bool served(const char *folder, const char *lock_name, int lock, int start) {
    int ready[2];
    char byte;
    if (pipe2(ready, O_CLOEXEC)) return false;
    pid_t child = fork();
    if (!child) {
        int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
        if (nothing < 0 || setsid() < 0 || chdir("/")) _exit(1);
        for (int i = 0; i < 3; i++) dup2(nothing, i); /* FUSE says itself why it does not go */
        close(lock), close(start), close(ready[0]);
        if (!fork()) serve(folder, lock_name, ready[1]);
        _exit(0); /* it is nobody's child: the program must not find one that it did not start */
    }
    close(ready[1]);
    bool good = child > 0 && read(ready[0], &byte, 1) == 1;
    close(ready[0]);
    if (child > 0) waitpid(child, NULL, 0);
    return good;
}

/* Whether a file can be read; the kernel remembers that one is there, but asks who serves it for what is in it. */
static bool can_be_read(const char *path) {
    int file = open(path, O_RDONLY | O_CLOEXEC);
    return file >= 0 && !close(file);
}

/*
 * The folder at which it is mounted, by this process or by one that runs already; NULL where that does not go. Whoever
 * runs from there holds a shared lock, which passes over to AppRun: it ends with the last process that has it.
 */
char *mounted(void) {
    char *base = variable("XDG_RUNTIME_DIR") ? joined("%s/" NAME, variable("XDG_RUNTIME_DIR")) : cache_folder();
    if (!base) return NULL;
    char *folder = joined("%s/mounted-" KEY, base), *program = joined("%s/AppRun", folder);
    char *lock_name = joined("%s.lock", folder);
    int start = make_folders(base) ? open(base, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
    int lock = start >= 0 ? open(lock_name, O_RDWR | O_CREAT, 0600) : -1;
    /* One starts after the other. Who unmounts has the lock alone, and is waited for. */
    bool good = lock >= 0 && !flock(start, LOCK_EX) && !flock(lock, LOCK_SH);
    if (good && !can_be_read(program)) {
        if (errno == ENOTCONN) unmount(folder); /* what served it was killed */
        good = make_folders(folder) && served(folder, lock_name, lock, start) && can_be_read(program);
    }
    if (!good && lock >= 0) {
        rmdir(folder), unlink(lock_name);
        close(lock);
    }
    if (start >= 0) close(start);
    return good ? folder : NULL;
}
