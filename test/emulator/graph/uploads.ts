import { randomUUID } from "node:crypto";

/** The values of the type `importedWindowsAutopilotDeviceIdentityUploadStatus`. */
export const UPLOAD_STATUSES = ["noUpload", "pending", "complete", "error"] as const;

/** An `importedWindowsAutopilotDeviceIdentityUpload`: a container of import records, known to the profile "seed" only. */
export interface Upload {
	readonly id: string;
	createdDateTimeUtc: string;
	status: (typeof UPLOAD_STATUSES)[number];
}

/** The uploads of the tenant. */
export class Uploads {
	readonly #uploads = new Map<string, Upload>();

	/** Adds an upload. */
	add(upload: Omit<Upload, "id">): Upload {
		const added = { id: randomUUID(), ...upload };
		this.#uploads.set(added.id, added);
		return added;
	}

	/** The upload of an id. */
	get(id: string): Upload | undefined {
		return this.#uploads.get(id.toLowerCase());
	}

	/** All of them in the order of their creation. */
	list(): Upload[] {
		return [...this.#uploads.values()];
	}

	/** Takes one out. */
	remove(id: string): void {
		this.#uploads.delete(id.toLowerCase());
	}
}
