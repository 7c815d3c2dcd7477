import type { Deadline } from "../http/deadline.ts";
import type { RowsById } from "../resource/bulkReader.ts";
import { asString, type Values } from "../values.ts";
import type { GraphClient } from "./client.ts";
import { computeContentEtag } from "./contentEtag.ts";
import { MACHINES_PATH } from "./machines.ts";
import { type ListedRow, listPages } from "./paging.ts";

/** All machines of the tenant, a thousand with each page. */
export async function* listMachinePages(
	client: GraphClient,
	deadline: Deadline,
): AsyncGenerator<RowsById<ListedRow>> {
	const request = { operationName: "listing machines", path: `/v1.0${MACHINES_PATH}`, deadline };
	for await (const page of listPages(client, request)) yield new Map(page.map((row) => [row.id, row]));
}

/** The written members of a row, and the outputs that state keeps of them. */
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
 * Whether a machine is listed just as state has it. A list leaves members blank that it would have to compute, so a row
 * that differs proves nothing; one that does not is taken at its word, for what is written to a machine is not computed.
 */
export function matchesState(row: ListedRow, outputs: Values): boolean {
	const etag = asString(row["@odata.etag"]);
	if (etag !== undefined) return etag === outputs["etag"];
	// State may keep nothing of what nobody declares; the etag of our own making is over all that is written.
	if (computeContentEtag(row) === outputs["etag"]) return true;
	return Object.entries(OUTPUTS_BY_MEMBER).every(
		([member, output]) => normalizeText(row[member], member) === normalizeText(outputs[output], member),
	);
}

/** The case of a user's name does not count, and nothing is the same as an empty text. */
function normalizeText(value: unknown, member: string): string {
	const text = asString(value) ?? "";
	return member === "userPrincipalName" ? text.toLowerCase() : text;
}
