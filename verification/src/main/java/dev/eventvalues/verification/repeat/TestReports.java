package dev.eventvalues.verification.repeat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/**
 * What one run of the tests came to, as Surefire and Failsafe report it.
 *
 * @param tests how many ran
 * @param failed the names of those that did not pass
 */
record TestReports(long tests, List<String> failed) {
    TestReports {
        failed = List.copyOf(failed);
    }

    /** Reads the reports in these folders. */
    static TestReports read(List<Path> folders) throws IOException {
        long tests = 0;
        List<String> failed = new ArrayList<>();
        for (Path file : files(folders)) {
            NodeList cases = parse(file).getElementsByTagName("testcase");
            for (int i = 0; i < cases.getLength(); i++) {
                Element each = (Element) cases.item(i);
                tests += has(each, "skipped") ? 0 : 1;
                if (has(each, "failure") || has(each, "error")) {
                    failed.add(each.getAttribute("classname") + "." + each.getAttribute("name"));
                }
            }
        }
        return new TestReports(tests, failed);
    }

    /** Forgets earlier runs. */
    static void clear(List<Path> folders) throws IOException {
        for (Path file : files(folders)) {
            Files.delete(file);
        }
    }

    private static boolean has(Element element, String child) {
        return element.getElementsByTagName(child).getLength() > 0;
    }

    private static Element parse(Path file) throws IOException {
        try {
            return DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .parse(file.toFile())
                    .getDocumentElement();
        } catch (ParserConfigurationException | SAXException e) {
            throw new IOException(file + " is not a report", e);
        }
    }

    private static List<Path> files(List<Path> folders) throws IOException {
        List<Path> files = new ArrayList<>();
        for (Path folder : folders) {
            if (Files.isDirectory(folder)) {
                try (Stream<Path> listed = Files.list(folder)) {
                    listed.filter(file -> file.getFileName().toString().matches("TEST-.*\\.xml"))
                            .forEach(files::add);
                }
            }
        }
        return files;
    }
}
