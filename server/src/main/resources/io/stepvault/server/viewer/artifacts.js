// The artifacts of a record, by what they are.

const ATTACHMENT = "attachments/";

export const htmlOf = (record) => record.artifacts.find(({ name }) => name === "html");

export const screenshotOf = (record) => record.artifacts.find(({ name }) => name === "screenshot");

export const attachmentsOf = (record) => record.artifacts.filter(({ name }) => name.startsWith(ATTACHMENT));

/** An artifact's name as people know it. */
export const nameOf = ({ name }) => (name.startsWith(ATTACHMENT) ? name.slice(ATTACHMENT.length) : name);
