import { ConfigurationError } from "../settings/errors.ts";

/**
 * How much Intune takes: the longest `requestJustification` of "operationApprovalRequest resource type" (Graph beta).
 * The header's content is held to the same once it is decoded.
 */
const MAX_JUSTIFICATION_LENGTH = 1024;

/**
 * The header `x-msft-approval-justification` for a text: the Base64 of its UTF-8, so that any language fits into it
 * ("Use Multi Admin Approval with the Microsoft Graph API", step 1).
 *
 * @param key the setting's key, for the message
 * @param text what the approver reads
 */
export function encodeJustification(key: string, text: string): string {
	const line = text.trim();
	const problem = findJustificationProblem(line);
	if (problem !== undefined) throw new ConfigurationError(key, problem);
	return Buffer.from(line, "utf8").toString("base64");
}

function findJustificationProblem(line: string): string | undefined {
	if (line === "") return "is blank; say in a few words why the change is made, or remove it";
	if (/\p{Cc}/u.test(line)) return "has a line break or another control character; write it on one line";
	if (line.length > MAX_JUSTIFICATION_LENGTH)
		return `has ${line.length} characters; Intune takes ${MAX_JUSTIFICATION_LENGTH} at most, so shorten it`;
	return undefined;
}
