package io.stepvault.storage.s3.wire;

import java.io.ByteArrayInputStream;
import java.util.Optional;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * The body of an error answer of S3, as far as we need it. Source: Amazon S3 API Reference, "Error responses".
 *
 * @param code the error's name, or empty
 * @param region the bucket's region, where the error is about that
 */
record ErrorDocument(String code, Optional<String> region) {
    /** What a body that is none of S3's says. */
    static final ErrorDocument NONE = new ErrorDocument("", Optional.empty());

    private static final int MAX_TEXT = 256;

    /** A server's answer is not to be trusted: it may name no files and define no entities. One each: they are not shared. */
    private static XMLInputFactory safeFactory() {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLInputFactory.IS_COALESCING, true);
        return factory;
    }

    /** Reads it; what cannot be read, as a proxy's page of HTML, says nothing. */
    static ErrorDocument parse(byte[] body) {
        if (body.length == 0) {
            return NONE;
        }
        try {
            XMLStreamReader xml = safeFactory().createXMLStreamReader(new ByteArrayInputStream(body));
            try {
                return read(xml);
            } finally {
                xml.close();
            }
        } catch (XMLStreamException e) {
            return NONE;
        }
    }

    private static ErrorDocument read(XMLStreamReader xml) throws XMLStreamException {
        String code = "";
        Optional<String> region = Optional.empty();
        int depth = 0;
        while (xml.hasNext()) {
            int event = xml.next();
            if (event == XMLStreamConstants.END_ELEMENT) {
                depth--;
            } else if (event == XMLStreamConstants.START_ELEMENT) {
                depth++;
                if (depth == 1 && !xml.getLocalName().equals("Error")) {
                    return NONE;
                }
                if (depth == 2 && xml.getLocalName().equals("Code")) {
                    code = word(text(xml));
                    depth--;
                } else if (depth == 2 && xml.getLocalName().equals("Region")) {
                    region = Optional.of(word(text(xml))).filter(name -> !name.isEmpty());
                    depth--;
                }
            }
        }
        return new ErrorDocument(code, region);
    }

    /** To the element's end, which it passes. */
    private static String text(XMLStreamReader xml) throws XMLStreamException {
        return xml.getElementText().strip();
    }

    /** These go into messages and requests: anything but a word is nothing. */
    static String word(String text) {
        return text.length() <= MAX_TEXT && text.chars().allMatch(ErrorDocument::isOfAWord) ? text : "";
    }

    private static boolean isOfAWord(int c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
    }
}
