import { createHash, randomUUID } from "node:crypto";
import { type Call, getHeader } from "../http/call.ts";
import type { Caller } from "./access.ts";
import { createBadRequestError, GraphError } from "./graphError.ts";
import type { AutopilotSwitches } from "./switches.ts";

/** A write that waits for another administrator, or was approved. */
export interface Approval {
	/** The `x-msft-approval-code` of the response. */
	readonly code: string;
	/** The text for the approver. */
	readonly justification: string;
	/** The application that requested it. */
	readonly clientId: string;
	/** The write: method, path and a fingerprint of its body. */
	readonly write: string;
	isApproved: boolean;
}

const JUSTIFICATION = "x-msft-approval-justification";
const CODE = "x-msft-approval-code";
/** Base64 with its padding. */
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
/** The maximum length of a decoded justification, in characters. */
const LONGEST = 1024;

/**
 * Multi Admin Approval: a write is filed, not carried out, until another administrator approves it; then the same write
 * must be sent again with its approval code instead of the justification ("Use Multi Admin Approval with the Microsoft
 * Graph API"). An approval is valid for one write.
 */
export class Approvals {
	readonly #filed = new Map<string, Approval>();

	/** Returns all writes that wait or are approved and not used yet. */
	list(): Approval[] {
		return [...this.#filed.values()];
	}

	/** Approves a write. Returns false if it does not exist. */
	approve(code: string): boolean {
		const approval = this.#filed.get(code);
		if (approval !== undefined) approval.isApproved = true;
		return approval !== undefined;
	}

	/** Lets an approved write pass, or throws. */
	admit(call: Call, { clientId }: Caller, switches: AutopilotSwitches): void {
		const write = describeWrite(call);
		const code = getHeader(call, CODE);
		const approved = code === undefined ? undefined : this.#filed.get(code);
		if (approved?.isApproved && approved.clientId === clientId && approved.write === write) {
			this.#filed.delete(approved.code);
			return;
		}
		if (code !== undefined)
			throw createBadRequestError(`Header '${CODE}' is not that of an approved request`);
		const justification = readJustification(call);
		if (this.list().some((filed) => filed.write === write && filed.clientId === clientId)) {
			throw new GraphError(409, "Conflict", "An active Approval Request already exists", { isNested: true });
		}
		throw createApprovalRequired(this.#file({ justification, clientId, write }), switches);
	}

	#file(wanted: Omit<Approval, "code" | "isApproved">): Approval {
		const approval = { ...wanted, code: randomUUID(), isApproved: false };
		this.#filed.set(approval.code, approval);
		return approval;
	}
}

/** Returns the decoded justification, or throws 400 if it is missing or invalid. */
function readJustification(call: Call): string {
	const sent = getHeader(call, JUSTIFICATION);
	if (!sent)
		throw createBadRequestError(
			`Header '${JUSTIFICATION}' is required to request approval for this operation`,
		);
	if (!BASE64.test(sent)) throw createBadRequestError(`Header '${JUSTIFICATION}' must be Base64 encoded`);
	const text = Buffer.from(sent, "base64").toString("utf8");
	if (text.length <= LONGEST) return text;
	throw createBadRequestError(
		`Decoded content of '${JUSTIFICATION}' header must be no greater than ${LONGEST} characters`,
	);
}

/** Creates the error for a filed write. The write counts as accepted despite the status; 403 and 412 were both seen. */
function createApprovalRequired({ code }: Approval, { approvalStatus }: AutopilotSwitches): GraphError {
	const text = `Approval Required. Request Approval using the request ID returned as part of the ${CODE} response header. ${CODE}: ${code}`;
	const name = approvalStatus === 403 ? "ApprovalRequired" : "BadRequest";
	return new GraphError(approvalStatus, name, text, { headers: { [CODE]: code } });
}

function describeWrite({ method, path, body }: Call): string {
	return `${method} ${path} ${createHash("sha256").update(body).digest("base64url")}`;
}
