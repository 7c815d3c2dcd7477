import { UnreadableAnswer } from "../http/errors.ts";
import { encodePathSegment } from "../http/pipeline.ts";
import { asObject, asString } from "../values.ts";
import { AutopilotError } from "./autopilotErrors.ts";
import type { AutopilotInputs, ManagedField } from "./autopilotIdentity.inputs.ts";
import { encodeRecordPatch, type ImportRecord, type LiveMachine } from "./autopilotIdentity.wire.ts";
import { describeMachine } from "./machines.ts";
import { listRows } from "./paging.ts";
import { MAX_LIST_LAG_MS, pollUntil } from "./polling.ts";
import type { MachineUpdate, Strategy, StrategyContext } from "./strategy.ts";

/** The managed fields that an import record has. */
export const UPLOAD_FIELDS: readonly ManagedField[] = ["groupTag", "assignedUserPrincipalName"];

/** The path of the reference page "Update deviceIdentities". It contains no id: the id is in the body. */
const REFERENCE_PATCH_PATH = "/beta/importedWindowsAutopilotDeviceIdentityUpload/deviceIdentities";
/** The same below the collection that the page's resource belongs to, as Graph's beta had it in 2018 and 2019. */
const UPLOADS_PATH = "/beta/deviceManagement/importedWindowsAutopilotDeviceIdentityUploads";

/** Uses the PATCH of the reference page: a machine is changed through the record of its import. */
export class UploadStrategy implements Strategy {
	readonly keepsRecords = true;
	readonly fields = UPLOAD_FIELDS;
	protected readonly context: StrategyContext;

	constructor(context: StrategyContext) {
		this.context = context;
	}

	/** Queues an import. */
	queueImport(inputs: AutopilotInputs, importId: string): Promise<ImportRecord> {
		return this.context.imports.queue(inputs, importId);
	}

	/** Patches the record of the machine's import. */
	async sendUpdate({ from, to }: MachineUpdate): Promise<void> {
		const { client, deadline } = this.context;
		const record = await findImportRecord(this.context, from);
		await client.send({
			operationName: `changing ${describeMachine(from.values.serialNumber)}`,
			method: "PATCH",
			ifMatch: record.etag,
			deadline,
			path: await this.getRecordPath(record),
			body: encodeRecordPatch(record, to),
		});
	}

	/** Does nothing: these imports have no uploads of their own. */
	async removeUpload(_record: ImportRecord): Promise<void> {}

	/** Returns the path under which a record is patched. */
	protected async getRecordPath(_record: ImportRecord): Promise<string> {
		return REFERENCE_PATCH_PATH;
	}
}

/** Uses the PATCH below an upload: every import is queued and changed in an upload of its own. */
export class RootedUploadStrategy extends UploadStrategy {
	/** Creates an upload and queues the import in it. */
	override async queueImport(inputs: AutopilotInputs, importId: string): Promise<ImportRecord> {
		const { imports, uploadIds } = this.context;
		const uploadId = await createUpload(this.context, describeMachine(inputs.serialNumber));
		const record = await imports.queue(inputs, importId, `${UPLOADS_PATH}/${uploadId}/deviceIdentities`);
		uploadIds.set(record.id, uploadId);
		return record;
	}

	/** Deletes the upload that contains the record. */
	override async removeUpload(record: ImportRecord): Promise<void> {
		const { client, deadline, uploadIds } = this.context;
		const uploadId = await findUploadId(this.context, record);
		await client.send({
			operationName: `removing the upload of ${describeMachine(record.serialNumber)}`,
			method: "DELETE",
			path: `${UPLOADS_PATH}/${uploadId}`,
			repeatable: true,
			deadline,
		});
		uploadIds.delete(record.id);
	}

	protected override async getRecordPath(record: ImportRecord): Promise<string> {
		const uploadId = await findUploadId(this.context, record);
		return `${UPLOADS_PATH}/${uploadId}/deviceIdentities/${encodePathSegment(record.id)}`;
	}
}

/** Finds the record of the import that registered the machine. The list may not have the record of a new machine yet. */
async function findImportRecord(
	context: StrategyContext,
	{ id, values }: LiveMachine,
): Promise<ImportRecord> {
	const serialNumber = values.serialNumber ?? "";
	const find = async (): Promise<ImportRecord | undefined> => {
		const isOfMachine = ({ state }: ImportRecord): boolean => state.deviceRegistrationId === id;
		return (await context.imports.search(serialNumber, isOfMachine))[0];
	};
	const record = await pollUntil(find, context, context.clock.now() + MAX_LIST_LAG_MS);
	if (record !== undefined) return record;
	throw new AutopilotError(
		"NoImportRecord",
		`Changing ${describeMachine(serialNumber)} is not possible with autopilot:strategy upload: this strategy changes a machine ` +
			"through its import record, which no longer exists. Set autopilot:strategy to live.",
	);
}

async function createUpload(
	{ client, deadline, clock }: StrategyContext,
	machineLabel: string,
): Promise<string> {
	const operationName = `creating an upload for ${machineLabel}`;
	const body = { createdDateTimeUtc: new Date(clock.getWallTime()).toISOString(), status: "pending" };
	const { json } = await client.send({ operationName, method: "POST", path: UPLOADS_PATH, body, deadline });
	const id = asString(asObject(json)["id"]);
	if (id === undefined)
		throw new UnreadableAnswer(`${operationName} failed: the response is not an upload`, 200);
	return encodePathSegment(id);
}

/** Finds the upload that contains a record; the record itself does not name it. The list may not have a new upload yet. */
async function findUploadId(context: StrategyContext, record: ImportRecord): Promise<string> {
	const knownId = context.uploadIds.get(record.id);
	if (knownId !== undefined) return knownId;
	const operationName = `looking for the upload of ${describeMachine(record.serialNumber)}`;
	const search = (): Promise<string | undefined> => searchUploads(context, record, operationName);
	const uploadId = await pollUntil(search, context, context.clock.now() + MAX_LIST_LAG_MS);
	if (uploadId !== undefined) return uploadId;
	throw new AutopilotError(
		"NoImportRecord",
		`${operationName} failed: no upload contains its record ${record.id}.`,
	);
}

/** Searches all uploads for a record, and remembers the uploads of all records read on the way. */
async function searchUploads(
	context: StrategyContext,
	record: ImportRecord,
	operationName: string,
): Promise<string | undefined> {
	const { client, deadline, uploadIds } = context;
	for (const id of await listUploadIds(context, operationName)) {
		const path = `${UPLOADS_PATH}/${id}/deviceIdentities`;
		for await (const row of listRows(client, { operationName, path, deadline })) uploadIds.set(row.id, id);
		if (uploadIds.get(record.id) === id) return id;
	}
	return undefined;
}

/** Lists the ids of all uploads, those not searched yet first. */
async function listUploadIds(
	{ client, deadline, uploadIds }: StrategyContext,
	operationName: string,
): Promise<string[]> {
	const knownIds = new Set(uploadIds.values());
	const ids: string[] = [];
	for await (const { id } of listRows(client, { operationName, path: UPLOADS_PATH, deadline }))
		ids.push(encodePathSegment(id));
	return [...ids.filter((id) => !knownIds.has(id)), ...ids.filter((id) => knownIds.has(id))];
}
