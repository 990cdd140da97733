/* The squashfs as a folder, which stays. */
#include "runtime.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static volatile sig_atomic_t interrupted;

static void interrupt(int number) {
    (void)number;
    interrupted = 1;
}

static int remove_one(const char *path, const struct stat *about, int kind, struct FTW *place) {
    (void)about, (void)kind, (void)place;
    return remove(path);
}

static bool unpack_file(sqfs *fs, sqfs_inode *inode, const char *path) {
    static char block[1 << 17];
    int out = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, inode->base.mode & 0777);
    bool good = out >= 0;
    for (uint64_t done = 0; good && done < inode->xtra.reg.file_size;) {
        sqfs_off_t count = sizeof block;
        good = !interrupted && !sqfs_read_range(fs, inode, (sqfs_off_t)done, &count, block) && count > 0 &&
               write(out, block, (size_t)count) == count;
        done += (uint64_t)count;
    }
    return out >= 0 && !close(out) && good;
}

static bool unpack_one(sqfs *fs, sqfs_traverse *at, const char *target) {
    sqfs_inode inode;
    if (sqfs_inode_get(fs, &inode, sqfs_dentry_inode(&at->entry))) return false;
    char *path = joined("%s/%s", target, at->path);
    bool good = true;
    if (S_ISDIR(inode.base.mode)) {
        good = !mkdir(path, 0755) || errno == EEXIST;
    } else if (S_ISLNK(inode.base.mode)) {
        char leads[PATH_MAX];
        size_t size = sizeof leads;
        unlink(path);
        good = !sqfs_readlink(fs, &inode, leads, &size) && !symlink(leads, path);
    } else if (S_ISREG(inode.base.mode)) {
        good = unpack_file(fs, &inode, path);
    }
    free(path);
    return good;
}

/* All of it, into a folder; false where something went wrong, of which `why` tells. */
bool unpack(const char *target, const char **why) {
    sqfs fs;
    sqfs_traverse at;
    sqfs_err error = SQFS_OK;
    errno = 0;
    bool good = make_folders(target) && !sqfs_open_image(&fs, image, own_size) &&
                !sqfs_traverse_open(&at, &fs, sqfs_inode_root(&fs));
    while (good && !interrupted && sqfs_traverse_next(&at, &error))
        if (!at.dir_end) good = unpack_one(&fs, &at, target);
    *why = errno ? strerror(errno) : "the file is damaged";
    return good && !error && !interrupted; /* the process ends, or becomes another: nothing is closed here */
}

/* The folder into which it is unpacked, now or before. */
char *unpacked(void) {
    char *cache = cache_folder();
    if (!cache) fail("there is no home folder; set BOTHHANDS_UNPACKED to a folder that can be written.");
    char *folder = joined("%s/program-" KEY, cache), *start = joined("%s/AppRun", folder);
    if (!access(start, X_OK)) return folder;
    fprintf(stderr, NAME ": unpacking into %s, once ...\n", folder);
    char *partial = joined("%s.%d", folder, (int)getpid());
    struct sigaction stop = {.sa_handler = interrupt}, before[3];
    const int signals[] = {SIGINT, SIGTERM, SIGHUP};
    for (int i = 0; i < 3; i++) sigaction(signals[i], &stop, &before[i]);
    const char *why;
    bool done = unpack(partial, &why);
    for (int i = 0; i < 3; i++) sigaction(signals[i], &before[i], NULL);
    /* Two may unpack at once: the one that comes second takes what is there. */
    bool there = done && (!rename(partial, folder) || !access(start, X_OK));
    if (!there || !access(partial, F_OK)) nftw(partial, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    if (interrupted) exit(130);
    if (!there) fail("it cannot be unpacked into %s (%s); set BOTHHANDS_UNPACKED to a folder with room.", cache, why);
    return folder;
}
