import { createHash, randomUUID } from "node:crypto";
import { type Call, getHeader } from "../http/call.ts";
import type { Caller } from "./access.ts";
import { createBadRequestError, GraphError } from "./graphError.ts";
import type { AutopilotSwitches } from "./switches.ts";

/** A write that waits for another administrator, or that one has approved of. */
export interface Approval {
	/** The answer's `x-msft-approval-code`. */
	readonly code: string;
	/** What the approver reads. */
	readonly justification: string;
	/** The application that asks. */
	readonly clientId: string;
	/** The write: method, path and a fingerprint of its body. */
	readonly write: string;
	isApproved: boolean;
}

const JUSTIFICATION = "x-msft-approval-justification";
const CODE = "x-msft-approval-code";
/** Base64 with its padding. */
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
/** The most characters of a justification once it is decoded. */
const LONGEST = 1024;

/**
 * Multi Admin Approval: writes are filed, not carried out, until another administrator approves; then the same write is
 * sent again with the code of its approval in place of the justification ("Use Multi Admin Approval with the Microsoft
 * Graph API"). An approval is good for one write.
 */
export class Approvals {
	readonly #filed = new Map<string, Approval>();

	/** All that wait or are approved and not used yet. */
	list(): Approval[] {
		return [...this.#filed.values()];
	}

	/** Approves of a write; whether there is one. */
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

/** What an approver reads, or 400 where there is nothing that can be read. */
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

/** Filed: an error by its status, and as good an answer as there is. 403 and 412 were both seen. */
function createApprovalRequired({ code }: Approval, { approvalStatus }: AutopilotSwitches): GraphError {
	const text = `Approval Required. Request Approval using the request ID returned as part of the ${CODE} response header. ${CODE}: ${code}`;
	const name = approvalStatus === 403 ? "ApprovalRequired" : "BadRequest";
	return new GraphError(approvalStatus, name, text, { headers: { [CODE]: code } });
}

function describeWrite({ method, path, body }: Call): string {
	return `${method} ${path} ${createHash("sha256").update(body).digest("base64url")}`;
}
