import { UnreadableAnswer } from "../http/errors.ts";
import { encodePathSegment } from "../http/pipeline.ts";
import { asObject, asString } from "../values.ts";
import { AutopilotError } from "./autopilotErrors.ts";
import type { ManagedField } from "./autopilotIdentity.inputs.ts";
import { encodeRecordPatch, type ImportRecord, type LiveMachine } from "./autopilotIdentity.wire.ts";
import { describeMachine } from "./machines.ts";
import { listRows } from "./paging.ts";
import type { Strategy, StrategyContext } from "./strategy.ts";
import type { MachineUpdate } from "./update.ts";

/** The only managed fields that an import's record has. */
export const UPLOAD_FIELDS: readonly ManagedField[] = ["groupTag", "assignedUserPrincipalName"];

/** The path of the reference page "Update deviceIdentities", which names no id: it is in the body. */
const REFERENCE_PATCH_PATH = "/beta/importedWindowsAutopilotDeviceIdentityUpload/deviceIdentities";
/** The same below the collection that the page's resource belongs to, as Graph's beta had it in 2018 and 2019. */
const UPLOADS_PATH = "/beta/deviceManagement/importedWindowsAutopilotDeviceIdentityUploads";

/** The PATCH of the reference page: a machine is changed through the record of its import. */
export function createUploadStrategy(context: StrategyContext): Strategy {
	return createPatchStrategy(context, {
		queue: ({ imports }, inputs, importId) => imports.queue(inputs, importId),
		getRecordPath: async () => REFERENCE_PATCH_PATH,
		cleanUp: async () => {},
	});
}

/** The rooted form: every import has an upload of its own, below which it is queued and changed. */
export function createRootedUploadStrategy(context: StrategyContext): Strategy {
	return createPatchStrategy(context, {
		async queue(queueContext, inputs, importId) {
			const uploadId = await createUpload(queueContext, describeMachine(inputs.serialNumber));
			const record = await queueContext.imports.queue(
				inputs,
				importId,
				`${UPLOADS_PATH}/${uploadId}/deviceIdentities`,
			);
			queueContext.uploads.set(record.id, uploadId);
			return record;
		},
		async getRecordPath(record) {
			const uploadId = await findUploadId(context, record);
			return `${UPLOADS_PATH}/${uploadId}/deviceIdentities/${encodePathSegment(record.id)}`;
		},
		async cleanUp({ client, deadline }, record) {
			const uploadId = await findUploadId(context, record);
			const operationName = `removing the upload of ${describeMachine(record.serialNumber)}`;
			await client.send({
				operationName,
				method: "DELETE",
				path: `${UPLOADS_PATH}/${uploadId}`,
				repeatable: true,
				deadline,
			});
			context.uploads.delete(record.id);
		},
	});
}

interface UploadRoutes extends Pick<Strategy, "queue" | "cleanUp"> {
	/** Where the record is changed. */
	getRecordPath(record: ImportRecord): Promise<string>;
}

function createPatchStrategy(context: StrategyContext, { getRecordPath, ...rest }: UploadRoutes): Strategy {
	const { client, deadline } = context;
	return {
		...rest,
		keepsRecords: true,
		fields: UPLOAD_FIELDS,
		async send(_tenant, { from, to }: MachineUpdate) {
			const record = await findImportRecord(context, from);
			const operationName = `changing ${describeMachine(from.values.serialNumber)}`;
			const request = { operationName, method: "PATCH", ifMatch: record.etag, deadline } as const;
			await client.send({
				...request,
				path: await getRecordPath(record),
				body: encodeRecordPatch(record, to),
			});
		},
	};
}

/** The record of the import that the machine came of. */
async function findImportRecord(
	{ imports }: StrategyContext,
	{ id, values }: LiveMachine,
): Promise<ImportRecord> {
	const serialNumber = values.serialNumber ?? "";
	const found = await imports.search(serialNumber, ({ state }) => state.deviceRegistrationId === id);
	const [record] = found;
	if (record !== undefined) return record;
	throw new AutopilotError(
		"NoImportRecord",
		`Changing ${describeMachine(serialNumber)} is not possible by autopilot:strategy upload: the machine is changed through ` +
			"the record of its import there, and there is none any more. Set autopilot:strategy to live.",
	);
}

async function createUpload(
	{ client, deadline, clock }: StrategyContext,
	machineLabel: string,
): Promise<string> {
	const operationName = `making an upload for ${machineLabel}`;
	const body = { createdDateTimeUtc: new Date(clock.now()).toISOString(), status: "pending" };
	const { json } = await client.send({ operationName, method: "POST", path: UPLOADS_PATH, body, deadline });
	const id = asString(asObject(json)["id"]);
	if (id === undefined) throw new UnreadableAnswer(`${operationName} failed: the answer is no upload`, 200);
	return encodePathSegment(id);
}

/** The upload that the record is below; the record itself does not say. What is seen on the way is remembered. */
async function findUploadId(context: StrategyContext, record: ImportRecord): Promise<string> {
	const { client, deadline, uploads } = context;
	const knownId = uploads.get(record.id);
	if (knownId !== undefined) return knownId;
	const operationName = `looking for the upload of ${describeMachine(record.serialNumber)}`;
	for (const id of await listUploadIds(context, operationName)) {
		const path = `${UPLOADS_PATH}/${id}/deviceIdentities`;
		for await (const row of listRows(client, { operationName, path, deadline })) uploads.set(row.id, id);
		if (uploads.get(record.id) === id) return id;
	}
	throw new AutopilotError(
		"NoImportRecord",
		`${operationName} failed: no upload holds its record ${record.id}.`,
	);
}

async function listUploadIds(
	{ client, deadline, uploads }: StrategyContext,
	operationName: string,
): Promise<string[]> {
	const knownIds = new Set(uploads.values());
	const ids: string[] = [];
	for await (const { id } of listRows(client, { operationName, path: UPLOADS_PATH, deadline }))
		ids.push(encodePathSegment(id));
	return [...ids.filter((id) => !knownIds.has(id)), ...ids.filter((id) => knownIds.has(id))];
}
