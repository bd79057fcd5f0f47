import { executed } from '../cli/executed-documents.js';

executed('console soak');
