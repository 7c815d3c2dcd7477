import { UnreadableAnswer } from "../http/errors.ts";
import { members, textOf } from "../http/json.ts";
import { segment } from "../http/segment.ts";
import { AutopilotError } from "./autopilotErrors.ts";
import type { ManagedField } from "./autopilotIdentity.inputs.ts";
import { encodePatch, type ImportRecord, type LiveMachine } from "./autopilotIdentity.wire.ts";
import type { Change } from "./changing.ts";
import { machineNamed } from "./machines.ts";
import { rowsOf } from "./pages.ts";
import type { Conversation, Strategy } from "./strategy.ts";

/** The only managed fields that an import's record has. */
export const UPLOAD_FIELDS: readonly ManagedField[] = ["groupTag", "assignedUserPrincipalName"];

/** The path of the reference page "Update deviceIdentities", which names no id: it is in the body. */
const DRAFT = "/beta/importedWindowsAutopilotDeviceIdentityUpload/deviceIdentities";
/** The same below the collection that the page's resource belongs to, as Graph's beta had it in 2018 and 2019. */
const UPLOADS = "/beta/deviceManagement/importedWindowsAutopilotDeviceIdentityUploads";

/** The PATCH of the reference page: a machine is changed through the record of its import. */
export function upload(conversation: Conversation): Strategy {
	return strategyOf(conversation, {
		queue: ({ imports }, inputs, importId) => imports.queue(inputs, importId),
		pathOf: async () => DRAFT,
		tidy: async () => {},
	});
}

/** The rooted form: every import has an upload of its own, below which it is queued and changed. */
export function rootedUpload(conversation: Conversation): Strategy {
	return strategyOf(conversation, {
		async queue(place, inputs, importId) {
			const id = await createUpload(place, machineNamed(inputs.serialNumber));
			const record = await place.imports.queue(inputs, importId, `${UPLOADS}/${id}/deviceIdentities`);
			place.uploads.set(record.id, id);
			return record;
		},
		async pathOf(record) {
			const id = await uploadOf(conversation, record);
			return `${UPLOADS}/${id}/deviceIdentities/${segment(record.id)}`;
		},
		async tidy({ client, deadline }, record) {
			const id = await uploadOf(conversation, record);
			const what = `removing the upload of ${machineNamed(record.serialNumber)}`;
			await client.call({ what, method: "DELETE", path: `${UPLOADS}/${id}`, repeatable: true, deadline });
			conversation.uploads.delete(record.id);
		},
	});
}

interface Routes extends Pick<Strategy, "queue" | "tidy"> {
	/** Where the record is changed. */
	pathOf(record: ImportRecord): Promise<string>;
}

function strategyOf(conversation: Conversation, { pathOf, ...rest }: Routes): Strategy {
	const { client, deadline } = conversation;
	return {
		...rest,
		keepsRecords: true,
		fields: UPLOAD_FIELDS,
		async send(_tenant, { from, to }: Change) {
			const record = await recordOf(conversation, from);
			const what = `changing ${machineNamed(from.values.serialNumber)}`;
			const call = { what, method: "PATCH", ifMatch: record.etag, deadline } as const;
			await client.call({ ...call, path: await pathOf(record), body: encodePatch(record, to) });
		},
	};
}

/** The record of the import that the machine came of. */
async function recordOf({ imports }: Conversation, { id, values }: LiveMachine): Promise<ImportRecord> {
	const serialNumber = values.serialNumber ?? "";
	const found = await imports.search(serialNumber, ({ state }) => state.deviceRegistrationId === id);
	const [record] = found;
	if (record !== undefined) return record;
	throw new AutopilotError(
		"NoImportRecord",
		`Changing ${machineNamed(serialNumber)} is not possible by autopilot:strategy upload: the machine is changed through ` +
			"the record of its import there, and there is none any more. Set autopilot:strategy to live.",
	);
}

async function createUpload({ client, deadline, clock }: Conversation, named: string): Promise<string> {
	const what = `making an upload for ${named}`;
	const body = { createdDateTimeUtc: new Date(clock.now()).toISOString(), status: "pending" };
	const { json } = await client.call({ what, method: "POST", path: UPLOADS, body, deadline });
	const id = textOf(members(json)["id"]);
	if (id === undefined) throw new UnreadableAnswer(`${what} failed: the answer is no upload`, 200);
	return segment(id);
}

/** The upload that the record is below; the record itself does not say. What is seen on the way is remembered. */
async function uploadOf(conversation: Conversation, record: ImportRecord): Promise<string> {
	const { client, deadline, uploads } = conversation;
	const known = uploads.get(record.id);
	if (known !== undefined) return known;
	const what = `looking for the upload of ${machineNamed(record.serialNumber)}`;
	for (const id of await unseenFirst(conversation, what)) {
		const path = `${UPLOADS}/${id}/deviceIdentities`;
		for await (const row of rowsOf(client, { what, path, deadline })) uploads.set(row.id, id);
		if (uploads.get(record.id) === id) return id;
	}
	throw new AutopilotError("NoImportRecord", `${what} failed: no upload holds its record ${record.id}.`);
}

async function unseenFirst({ client, deadline, uploads }: Conversation, what: string): Promise<string[]> {
	const seen = new Set(uploads.values());
	const ids: string[] = [];
	for await (const { id } of rowsOf(client, { what, path: UPLOADS, deadline })) ids.push(segment(id));
	return [...ids.filter((id) => !seen.has(id)), ...ids.filter((id) => seen.has(id))];
}
