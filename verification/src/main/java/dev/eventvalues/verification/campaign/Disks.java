package dev.eventvalues.verification.campaign;

import dev.eventvalues.testkit.Member;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Disks on which there is no room. A member whose disk is to be full is stopped, and goes on with its data on a small disk
 * of its own, a {@code tmpfs}, of which a ballast takes all that is left. Only root can do this. Used by one thread.
 */
final class Disks implements AutoCloseable {
    private static final String SIZE = "size=256m";
    private static final String FLAG = "--data-dir=";

    /** The small disk of each member that has one. */
    private final Map<Integer, Disk> disks = new HashMap<>();

    /**
     * A small disk.
     *
     * @param mounted where it is
     * @param data the directory that the member knows, now a link to the disk
     */
    private record Disk(Path mounted, Path data) {}

    /** Whether this can be done here. */
    static boolean arePossible() {
        return "root".equals(System.getProperty("user.name")) && Files.isDirectory(Path.of("/proc/self"));
    }

    void fill(Member member) {
        if (!arePossible()) {
            throw new IllegalStateException("only root can fill a disk");
        }
        if (disks.containsKey(member.index()) || !member.isRunning()) {
            throw new IllegalStateException(member + " does not run, or its disk is full already");
        }
        Path data = data(member);
        Disk disk = new Disk(data.resolveSibling(data.getFileName() + "-disk"), data);
        member.kill();
        disks.put(member.index(), disk);
        run("mkdir", "-p", disk.mounted().toString());
        run("mount", "-t", "tmpfs", "-o", SIZE, "tmpfs", disk.mounted().toString());
        // With holes, so that what etcd has reserved for its log needs room as well.
        run(
                "cp",
                "-a",
                "--sparse=always",
                data.toString(),
                disk.mounted().resolve("data").toString());
        run("rm", "-r", data.toString());
        run("ln", "-s", disk.mounted().resolve("data").toString(), data.toString());
        member.start();
        run("sh", "-c", "cat /dev/zero > " + disk.mounted().resolve("ballast") + " 2>/dev/null || true");
    }

    /** Makes room, and starts the member if it has ended. */
    void empty(Member member) {
        Disk disk = disks.remove(member.index());
        if (disk == null) {
            return;
        }
        member.kill();
        if (Files.isSymbolicLink(disk.data())) { // else it was given other data meanwhile
            run("rm", disk.data().toString());
            run("rm", "-f", disk.mounted().resolve("ballast").toString());
            run(
                    "cp",
                    "-a",
                    disk.mounted().resolve("data").toString(),
                    disk.data().toString());
        }
        release(disk);
        member.start();
    }

    private static void release(Disk disk) {
        run("umount", "-l", disk.mounted().toString());
        run("rmdir", disk.mounted().toString());
    }

    /** Where a member keeps its data, as it was told when it was started. */
    private static Path data(Member member) {
        try {
            String command = Files.readString(Path.of("/proc/" + member.pid() + "/cmdline"), StandardCharsets.UTF_8);
            return List.of(command.split("\0", -1)).stream()
                    .filter(argument -> argument.startsWith(FLAG))
                    .map(argument -> Path.of(argument.substring(FLAG.length())))
                    .findFirst()
                    .orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void run(String... command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(10, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new IllegalStateException(String.join(" ", command) + ": " + said.strip());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        disks.values().forEach(disk -> {
            if (Files.isDirectory(disk.mounted())) {
                run("umount", "-l", disk.mounted().toString());
            }
        });
        disks.clear();
    }
}
