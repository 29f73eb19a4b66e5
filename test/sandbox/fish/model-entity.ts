/** A voice as Fish's REST interface tells it (its OpenAPI document, ModelEntity). Times are ISO 8601. */
export interface ModelEntity {
  readonly _id: string;
  readonly type: 'tts' | 'svc';
  readonly title: string;
  readonly description: string;
  readonly cover_image: string;
  readonly train_mode: 'fast' | 'full';
  readonly state: 'created' | 'training' | 'trained' | 'failed';
  readonly tags: readonly string[];
  readonly samples: readonly ModelSample[];
  readonly created_at: string;
  readonly updated_at: string;
  readonly languages: readonly string[];
  readonly visibility: Visibility;
  readonly lock_visibility: boolean;
  readonly dmca_taken_down: boolean;
  readonly default_text: string;
  readonly like_count: number;
  readonly mark_count: number;
  readonly shared_count: number;
  readonly task_count: number;
  readonly unliked: boolean;
  readonly liked: boolean;
  readonly marked: boolean;
  readonly author: ModelAuthor;
}

export type Visibility = 'public' | 'unlist' | 'private';

interface ModelSample {
  readonly title: string;
  readonly text: string;
  readonly task_id: string;
  /** URL of an MP3 file. */
  readonly audio: string;
}

export interface ModelAuthor {
  readonly _id: string;
  readonly nickname: string;
  readonly avatar: string;
}

/** Fields that an owner may change. */
export type ModelChange = Partial<Pick<ModelEntity, 'title' | 'description' | 'visibility' | 'tags'>>;
