import type { Deadline } from "../http/deadline.ts";
import type { RowsById } from "../resource/bulkReader.ts";
import { asString, type Values } from "../values.ts";
import type { GraphClient } from "./client.ts";
import { computeContentEtag, hasUnreadUser, stripUnreadUserMark } from "./contentEtag.ts";
import { MACHINES_PATH } from "./machines.ts";
import { type ListedRow, listPages } from "./paging.ts";

/** Lists all machines of the tenant, a thousand with each page. */
export async function* listMachinePages(
	client: GraphClient,
	deadline: Deadline,
): AsyncGenerator<RowsById<ListedRow>> {
	const request = { operationName: "listing machines", path: `/v1.0${MACHINES_PATH}`, deadline };
	for await (const page of listPages(client, request)) yield new Map(page.map((row) => [row.id, row]));
}

/** The outputs that state keeps, by the written members of a row. */
const OUTPUTS_BY_MEMBER: Readonly<Record<string, string>> = {
	serialNumber: "serialNumber",
	productKey: "productKey",
	groupTag: "groupTag",
	displayName: "displayName",
	userPrincipalName: "assignedUserPrincipalName",
	addressableUserName: "addressableUserName",
	purchaseOrderIdentifier: "purchaseOrderIdentifier",
};

/**
 * Whether a list row matches state. A match proves that the machine is unchanged, because the written members are not
 * computed; a mismatch proves nothing, because rows omit computed members.
 */
export function matchesState(row: ListedRow, outputs: Values): boolean {
	const etag = asString(row["@odata.etag"]);
	const stateEtag = asString(outputs["etag"]) ?? "";
	const isUnread = hasUnreadUser(stateEtag) && !asString(row["userPrincipalName"]);
	const lastEtag = isUnread ? stripUnreadUserMark(stateEtag) : stateEtag;
	if (etag !== undefined) return etag === lastEtag;
	// State may lack members that nobody declares; the computed etag covers all written members.
	if (computeContentEtag(row) === lastEtag) return true;
	return Object.entries(OUTPUTS_BY_MEMBER)
		.filter(([member]) => !isUnread || member !== "userPrincipalName")
		.every(
			([member, output]) => normalizeText(row[member], member) === normalizeText(outputs[output], member),
		);
}

/** Returns the value as a string: empty if it is missing, and in lower case for a user principal name. */
function normalizeText(value: unknown, member: string): string {
	const text = asString(value) ?? "";
	return member === "userPrincipalName" ? text.toLowerCase() : text;
}
