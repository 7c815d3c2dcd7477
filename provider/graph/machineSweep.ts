import type { Deadline } from "../http/deadline.ts";
import { textOf } from "../http/json.ts";
import type { Values } from "../lifecycle/kind.ts";
import type { Rows } from "../lifecycle/sweep.ts";
import type { Client } from "./client.ts";
import { contentEtag } from "./contentEtag.ts";
import { MACHINES } from "./machines.ts";
import { pagesOf, type Row } from "./pages.ts";

/** All machines of the tenant, a thousand with each page. */
export async function* machinePages(client: Client, deadline: Deadline): AsyncGenerator<Rows<Row>> {
	const listing = { what: "listing machines", path: `/v1.0${MACHINES}`, deadline };
	for await (const page of pagesOf(client, listing)) yield new Map(page.map((row) => [row.id, row]));
}

/** The written members of a row, and the outputs that state keeps of them. */
const WRITTEN: Readonly<Record<string, string>> = {
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
export function isListedAs(row: Row, outputs: Values): boolean {
	const etag = textOf(row["@odata.etag"]);
	if (etag !== undefined) return etag === outputs["etag"];
	// State may keep nothing of what nobody declares; the etag of our own making is over all that is written.
	if (contentEtag(row) === outputs["etag"]) return true;
	return Object.entries(WRITTEN).every(
		([member, output]) => plainText(row[member], member) === plainText(outputs[output], member),
	);
}

/** The case of a user's name does not count, and nothing is the same as an empty text. */
function plainText(value: unknown, member: string): string {
	const text = textOf(value) ?? "";
	return member === "userPrincipalName" ? text.toLowerCase() : text;
}
